using System.CommandLine;

namespace Fleet.Cli.Output;

internal enum OutputFormat { Table, Wide, Json, Yaml, Name, Csv }

internal static class OutputOption
{
    public static Option<string> New()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json, yaml or name", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "name");
        return option;
    }

    /// <summary>Of answers of the REST API that are lists.</summary>
    public static Option<string> OfAnswers()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json, yaml or csv", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "csv");
        return option;
    }

    public static OutputFormat Parse(string word) => Enum.Parse<OutputFormat>(word, ignoreCase: true);
}
