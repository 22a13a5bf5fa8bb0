using System.CommandLine;

namespace Fleet.Cli.Output;

internal enum OutputFormat { Table, Wide, Json, Yaml, Name }

internal static class OutputOption
{
    public static Option<string> New()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json, yaml or name", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "name");
        return option;
    }

    public static OutputFormat Parse(string word) => Enum.Parse<OutputFormat>(word, ignoreCase: true);
}
