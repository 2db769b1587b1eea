#pragma once

#include <cstddef>
#include <span>

#include "event/event_batch.h"
#include "support/result.h"

namespace footfall {

// The rows of an EventBatch as bytes and back: the payload of a journal record, laid out in
// docs/journal_format.md. What a batch has once (received_at and the counts) is not in them; the
// record's header has it. Encoding and decoding give the same batch, dictionaries included.
// Threads: pure functions.   Cost: columns are copied whole; about 30 ns an event
//   (bench/journal_bench.cc).

// Texts of a batch, all columns together, once decoded. A request's body is below 5 MiB.
constexpr std::size_t kBatchTextBytesMax = 64 << 20;

// No encoding of `batch` is longer.
std::size_t encodedBytesMax(const EventBatch& batch);

// Writes the rows to the front of `out` and returns how many bytes that took.
// REQUIRES: out has encodedBytesMax(batch) bytes; the batch is not empty, its texts are below
// kBatchTextBytesMax and every dictionary entry is used by a row, as the builder sees to.
std::size_t encodeEventBatch(const EventBatch& batch, std::span<std::byte> out);

// The rows in `bytes`; what follows them must be zeros, fewer than 8 (a record's padding).
// Errors: kMalformed for everything that encodeEventBatch() could not have written, as far as that
// could harm: lengths, codes and counts are checked before they are used, and nothing is allocated
// that is not backed by bytes or bounded by kBatchTextBytesMax.
[[nodiscard]] Result<EventBatch> decodeEventBatch(std::span<const std::byte> bytes,
                                                  std::size_t rows);

}  // namespace footfall
