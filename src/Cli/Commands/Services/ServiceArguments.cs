using System.CommandLine;

namespace Fleet.Cli.Commands.Services;

/// <summary>What the commands about one service take.</summary>
internal static class ServiceArguments
{
    public static Argument<string> Noun()
    {
        var noun = new Argument<string>("noun") { Description = "service" };
        noun.AcceptOnlyFromAmong("service", "services");
        return noun;
    }

    public static Argument<string> Name() => new("name") { Description = "Name of the service, or namespace/name with its namespace in the cluster" };

    public static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json or yaml", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml");
        return option;
    }
}
