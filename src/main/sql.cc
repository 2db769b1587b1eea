#include <memory>

#include <fmt/format.h>

#include "main/api_source.h"
#include "main/commands.h"
#include "main/input_file.h"

namespace footfall {
namespace {

constexpr std::size_t kSqlBytesMax = 1 << 20;

struct SqlFlags {
    ApiSourceOptions source;
    std::string format = "table";
    std::string file;
};

Result<std::string> readSql(const std::string& path) {
    auto file = InputFile::open(path);
    if (!file) return std::unexpected(std::move(file.error()));
    std::string text(kSqlBytesMax, '\0');
    std::size_t end = 0;
    while (true) {
        const auto count = file->read(std::span(text).subspan(end));
        if (!count) return std::unexpected(count.error());
        if (*count == 0) break;
        end += *count;
    }
    if (end == kSqlBytesMax)
        return fail(Code::kTooLarge, fmt::format("{} is longer than {} bytes", path, kSqlBytesMax));
    text.resize(end);
    return text;
}

Result<ExitCode> runSql(const SqlFlags& flags) {
    if (flags.file.empty())
        return fail(Code::kInvalidArgument,
                    "which file? footfall sql FILE, or - to read from a pipe");
    auto sql = readSql(flags.file);
    if (!sql) return std::unexpected(std::move(sql.error()));
    auto source = ApiSource::open(flags.source);
    if (!source) return std::unexpected(std::move(source.error()));
    const auto text = source->post("/api/v1/sql", {{"format", flags.format}}, std::move(*sql));
    if (!text) return std::unexpected(text.error());
    fmt::print("{}", *text);
    return ExitCode::kDone;
}

}  // namespace

void addSqlCommand(CommandLine& line) {
    // Shared by the flags that write it and the run that reads it; both live as long as `line`.
    const auto flags = std::make_shared<SqlFlags>();
    CLI::App& command =
        line.add("sql", "A read-only query on the stored data, also while the server runs",
                 "echo 'SELECT city, count(*) FROM events GROUP BY city' | footfall sql -",
                 [flags] { return runSql(*flags); });
    command.add_option("FILE", flags->file, "File with the SQL, or - for standard input");
    command.add_option("--format", flags->format, "How to print it")
        ->check(CLI::IsMember({"table", "csv", "json", "markdown"}))
        ->capture_default_str();
    addApiSourceFlags(command, flags->source);
}

}  // namespace footfall
