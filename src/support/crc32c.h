#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace footfall {

// CRC-32C (Castagnoli) of `bytes`; pass the result for the bytes before them to go on. Finds every
// burst of damage of up to 32 bits; not a defence against a forger.
// Cost: the processor's own instruction (SSE4.2) where it has it, 8 bytes a step; else a table.
// Source: RFC 3720, appendix B.4, which has the test vectors.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

// The same by table on every machine; for the test that the two agree.
std::uint32_t crc32cByTable(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace footfall
