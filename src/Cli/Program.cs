using Fleet.Cli;
using Fleet.Cli.Output;
using Spectre.Console;

AnsiConsole.Console = Terminal.Create(Console.Out, Console.IsOutputRedirected);

// Ctrl-C cancels the command's token (System.CommandLine does it); a second one ends the process.
var result = RootCommandBuilder.Build().Parse(args);
return await Failure.ToExitCodeAsync(() => result.InvokeAsync(new() { EnableDefaultExceptionHandler = false }));
