#pragma once

#include "main/command_line.h"

// The commands, each in the file of its name. Adding one gives it its flags and what it runs.
namespace footfall {

void addDemoCommand(CommandLine& line);
void addServeCommand(CommandLine& line);
void addDriveCommand(CommandLine& line);
void addReportCommand(CommandLine& line);
void addImportCommand(CommandLine& line);
void addEventsCommand(CommandLine& line);
void addSqlCommand(CommandLine& line);
void addDeadletterCommand(CommandLine& line);
void addVersionCommand(CommandLine& line);

}  // namespace footfall
