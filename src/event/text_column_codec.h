#pragma once

#include <cstddef>

#include "event/byte_codec.h"
#include "event/event_batch.h"

namespace footfall {

// One text column of a batch as bytes; docs/journal_format.md, "Text column". The part of
// event_batch_codec that knows dictionaries.
std::size_t encodedBytesMax(const TextColumn& column);
void encodeTextColumn(const TextColumn& column, std::size_t rows, ByteWriter& out);

// On bytes that make no column, `in` is no longer ok(). `text_bytes_left` bounds what the texts
// may take, and is lowered by what they took.
TextColumn decodeTextColumn(std::size_t rows, std::size_t& text_bytes_left, ByteReader& in);

}  // namespace footfall
