#include <memory>
#include <utility>

#include <fmt/format.h>

#include "main/api_source.h"
#include "main/audit_client.h"
#include "main/commands.h"
#include "main/event_target.h"
#include "main/import_rows.h"
#include "main/terminal.h"
#include "main/webhook_sender.h"

namespace footfall {
namespace {

constexpr std::size_t kBatchEventsMax = 1'000;
constexpr std::size_t kBatchBytesMax = 1 << 20;
constexpr std::size_t kShownRejectionsMax = 10;
constexpr std::chrono::minutes kStoreTimeout{10};

struct ImportFlags {
    std::string file;
    EventTargetOptions target;
    std::string input = "auto";
    std::string delimiter = ",";
    std::vector<std::string> map;
    bool keep_identical = false;
};

ImportRowOptions::Format formatOf(const ImportFlags& flags) {
    std::string name = flags.file;
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    const bool is_json =
        name.ends_with(".jsonl") || name.ends_with(".ndjson") || name.ends_with(".json");
    const bool json_lines = flags.input == "jsonl" || (flags.input == "auto" && is_json);
    return json_lines ? ImportRowOptions::Format::kJsonLines : ImportRowOptions::Format::kCsv;
}

// Import: reads rows, sends them in batches and counts what became of them.
// Threads: one.   Blocks: until everything is stored.
class Import {
  public:
    Import(const ImportFlags& flags, InputFile& file, WebhookSender& sender, const Clock& clock)
        : flags_(flags), file_(file), sender_(sender), progress_(clock) {}

    Result<void> run(ImportRows& rows) {
        ImportRow row;
        while (true) {
            const auto found = rows.next(row);
            if (!found) {
                // What came before the broken row is good, and importing again does not harm.
                if (auto sent = sendBatch(); !sent) return sent;
                return fail(found.error().code,
                            fmt::format("{}, {}", flags_.file, found.error().what));
            }
            if (!*found) return sendBatch();
            body_.append(row.json).append("\n");
            lines_.push_back(row.line);
            if (lines_.size() < kBatchEventsMax && body_.size() < kBatchBytesMax) continue;
            if (auto sent = sendBatch(); !sent) return sent;
        }
    }

    std::uint64_t rows() const { return rows_; }
    std::uint64_t rejected() const { return rejected_; }

  private:
    Result<void> sendBatch() {
        if (lines_.empty()) return {};
        const auto answer = sender_.send(std::exchange(body_, {}));
        if (!answer) return std::unexpected(answer.error());
        rows_ += lines_.size();
        for (const auto& rejection : answer->rejections) show(rejection);
        rejected_ += answer->rejected;
        lines_.clear();
        progress_.show(progressText());
        return {};
    }

    void show(const RowsAnswer::Rejection& rejection) {
        if (shown_++ >= kShownRejectionsMax || rejection.index >= lines_.size()) return;
        fmt::print(stderr, "{}, line {}: {}\n", flags_.file, lines_[rejection.index],
                   rejection.message);
    }

    std::string progressText() const {
        if (file_.sizeBytes() == 0) return fmt::format("{} rows", rows_);
        return fmt::format("{} rows, {} %", rows_, 100 * file_.bytesRead() / file_.sizeBytes());
    }

    const ImportFlags& flags_;
    InputFile& file_;
    WebhookSender& sender_;
    ProgressLine progress_;
    std::string body_;
    std::vector<std::uint64_t> lines_;  // of the rows in body_
    std::uint64_t rows_ = 0;
    std::uint64_t rejected_ = 0;
    std::size_t shown_ = 0;
};

Result<ExitCode> finish(const ImportFlags& flags, const Import& import, const AuditAnswer& before,
                        const AuditAnswer& after) {
    fmt::print("{}: {} rows. {} new events stored, {} were known already, {} rejected.\n",
               flags.file, import.rows(), after.stored - before.stored,
               after.duplicates - before.duplicates, import.rejected());
    if (after.dead_lettered > before.dead_lettered)
        fmt::print("{} could not be stored; see footfall deadletter list.\n",
                   after.dead_lettered - before.dead_lettered);
    const bool all_taken = import.rejected() == 0 && after.dead_lettered == before.dead_lettered;
    return all_taken ? ExitCode::kDone : ExitCode::kFailed;
}

Result<ExitCode> runImport(const ImportFlags& flags) {
    if (flags.file.empty()) return fail(Code::kInvalidArgument, "which file? footfall import FILE");
    if (flags.delimiter.size() != 1)
        return fail(Code::kInvalidArgument, "--delimiter: one character, as in ; or a tab");
    auto columns = parseColumnMap(flags.map);
    if (!columns) return std::unexpected(std::move(columns.error()));
    auto file = InputFile::open(flags.file);
    if (!file) return std::unexpected(std::move(file.error()));
    auto rows = openImportRows(*file, {.format = formatOf(flags),
                                       .delimiter = flags.delimiter[0],
                                       .columns = std::move(*columns),
                                       .keep_identical = flags.keep_identical});
    if (!rows) return fail(rows.error().code, fmt::format("{}: {}", flags.file, rows.error().what));

    const auto target = openEventTarget(flags.target);
    if (!target) return std::unexpected(target.error());
    auto server = ApiSource::connect(target->url);
    if (!server) return std::unexpected(std::move(server.error()));
    const SystemClock clock;
    auto sender = WebhookSender::create(server->url(), clock);
    if (!sender) return std::unexpected(std::move(sender.error()));
    const auto before = fetchAudit(*server);
    if (!before) return std::unexpected(before.error());

    Import import(flags, *file, *sender, clock);
    if (const auto done = import.run(**rows); !done) return std::unexpected(done.error());
    const auto after = waitUntilStored(*server, kStoreTimeout);
    if (!after) return std::unexpected(after.error());
    return finish(flags, import, *before, *after);
}

}  // namespace

void addImportCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<ImportFlags>();
    CLI::App& command = line.add(
        "import", "Events from a CSV or JSON lines file, plain or gzip",
        "footfall import events.csv --map user_id=user --map city=acquisition_channel\n\n"
        "A column keeps its name unless it is mapped; what is no field of an event becomes a\n"
        "property. Rows without event_id get one from their content, so importing a file again\n"
        "stores nothing twice, and rows that are the same in every column count once.",
        [flags] { return runImport(*flags); });
    command.add_option("FILE", flags->file, "The file, or - for standard input");
    command
        .add_option("--map", flags->map, "Read a field of the events from a column of another name")
        ->type_name("FIELD=COLUMN")
        ->allow_extra_args(false);
    command.add_option("--input", flags->input, "What the file holds [by its name]")
        ->check(CLI::IsMember({"auto", "csv", "jsonl"}));
    command.add_option("--delimiter", flags->delimiter, "Between the fields of a CSV row")
        ->capture_default_str();
    command.add_flag("--keep-identical", flags->keep_identical,
                     "Rows that are the same in every column are events of their own");
    addEventTargetFlags(command, flags->target);
}

}  // namespace footfall
