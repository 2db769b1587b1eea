// Any bytes as the journal's: as the payload of a record and as a whole segment file. What must
// hold: nothing crashes, nothing is read beyond the bytes, a payload that decodes is encoded to a
// payload that decodes to the same, and a segment that opens holds whole records only, once and
// again. The first byte says which; two more the number of rows.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "event/event_batch_codec.h"
#include "in_memory_queue/journal.h"
#include "support/check.h"
#include "tests/fakes/test_journal.h"

namespace footfall {
namespace {

void checkPayload(std::span<const std::byte> bytes, std::size_t rows) {
    const Result<EventBatch> batch = decodeEventBatch(bytes, rows);
    if (!batch) return;
    CHECK(batch->size() == rows, "as many rows as asked for");
    for (std::size_t row = 0; row < rows; ++row) std::ignore = eventAt(*batch, row);
    std::vector<std::byte> again(encodedBytesMax(*batch));
    again.resize(encodeEventBatch(*batch, again));
    const Result<EventBatch> same = decodeEventBatch(again, rows);
    CHECK(same && *same == *batch, "encoding and decoding give the same batch");
}

// Any bytes alone never have a right checksum; so they say what is written over in a real segment.
void checkSegment(std::span<const std::byte> bytes) {
    static const std::string written = [] {
        MemoryFiles files;
        TestJournal journal(files);
        for (std::uint64_t request = 1; request <= 4; ++request) journal.write(request);
        return files.text(segmentPath("journal", 1)).substr(0, 2'048);
    }();
    std::string text = written;
    for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
        const std::size_t at = (std::to_integer<std::size_t>(bytes[i]) << 8 |
                                std::to_integer<std::size_t>(bytes[i + 1])) %
                               text.size();
        text[at] = static_cast<char>(bytes[i + 2]);
    }
    MemoryFiles files;
    CHECK(files.replace(segmentPath("journal", 1), text), "the fake disk works");
    std::vector<std::uint64_t> first;
    {
        TestJournal journal(files);
        if (!journal) return;  // a version that does not exist
        first = journal.requests();
    }
    TestJournal journal(files);
    CHECK(journal.requests() == first, "to recover twice gives the same");
}

}  // namespace
}  // namespace footfall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const auto bytes = std::as_bytes(std::span(data, size));
    if (data[0] % 2 == 0)
        footfall::checkPayload(bytes.subspan(3), std::size_t{data[1]} + std::size_t{data[2]} * 256);
    else
        footfall::checkSegment(bytes.subspan(1));
    return 0;
}
