#pragma once

#include <functional>
#include <string>

#include "database/duckdb_handles.h"
#include "database/stored_rows.h"
#include "event/sequence.h"
#include "support/result.h"

namespace footfall {

// The rows of `source` ("stored_events WHERE …") in pieces; the first comes even without rows and
// has all names. Returns the last number decided.
// REQUIRES: the connection is in a transaction, so that all of this is one state of the tables.
// Errors: kUnavailable | kFatal.
[[nodiscard]] Result<SequenceNumber> readStoredRows(duckdb_connection connection,
                                                    const std::string& source,
                                                    const std::function<void(StoredRows&&)>& piece);

}  // namespace footfall
