#include "main/driver_flags.h"

#include "support/time_text.h"

namespace footfall {

void addDriverFlags(CLI::App& command, DriverOptions& options) {
    command.add_option("--users", options.users, "How many shoppers")
        ->check(CLI::Range(1, 1'000'000'000))
        ->capture_default_str();
    command.add_option("--threads", options.threads, "Threads that play them; 0 is one a core")
        ->check(CLI::Range(0, 1'024))
        ->capture_default_str();
    command.add_option("--batch", options.batch, "Events a request")
        ->check(CLI::Range(1, 5'000))
        ->capture_default_str();
    command.add_option("--seed", options.seed, "The same seed and start give the same events")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        .add_option("--duplicates", options.delivery.duplicates,
                    "Share of events that are sent twice")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command
        .add_option("--out-of-order", options.delivery.out_of_order,
                    "Share of events that are sent after later ones")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command
        .add_option_function<std::string>(
            "--start",
            [&options](const std::string& text) {
                const auto start = parseTime(text, TimeZone::local());
                if (!start) throw CLI::ValidationError("--start", start.error().what);
                options.start = *start;
            },
            "Time of the first visits [so that the last are now]")
        ->type_name("TIME");
    command
        .add_option("--truth", options.truth_file,
                    "Write what the reports must show to this file, before the first event")
        ->type_name("FILE");
}

}  // namespace footfall
