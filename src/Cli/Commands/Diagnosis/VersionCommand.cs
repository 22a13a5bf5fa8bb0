using System.CommandLine;
using System.Reflection;
using Fleet.Cli.Connection;

namespace Fleet.Cli.Commands.Diagnosis;

internal static class VersionCommand
{
    public static string Current => typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Build()
    {
        var command = new Command("version", "Print the version of this CLI, and of the running fleet.");
        command.SetAction(parsed =>
        {
            Console.WriteLine($"fleet {Current}");
            if (FleetFolder.From(parsed).Endpoints() is { } running)
                Console.WriteLine($"fleetd {running.Version} at {running.Api}");
            return ExitCodes.Success;
        });
        return command;
    }
}
