using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Answers;

/// <summary>A command that prints a list of the REST API: what is asked, and how the answer is shown.</summary>
internal sealed record AnswerCommand(string Name, string Description, string Path, AnswerTable Table)
{
    /// <summary>Options that become parameters of the question.</summary>
    public IReadOnlyList<(Option<string?> Option, string Parameter)> Filters { get; init; } = [];

    /// <summary>The field that holds the list.</summary>
    public string Items { get; init; } = "items";

    /// <summary>Whether all pages are asked for. Of what never ends only one.</summary>
    public bool AllPages { get; init; } = true;

    /// <summary>Printed above a table: what holds for all of the rows.</summary>
    public Action<TextWriter, JsonObject>? Head { get; init; }

    public Command Build()
    {
        var output = OutputOption.OfAnswers();
        var command = new Command(Name, Description) { output, FleetRest.RestOption };
        foreach (var (option, _) in Filters)
            command.Options.Add(option);
        command.SetAction((parsed, ct) => RunAsync(parsed, output, ct));
        return command;
    }

    public static Option<string?> Filter(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description };
        if (words.Length > 0)
            option.AcceptOnlyFromAmong(words);
        return option;
    }

    public static string Query(IEnumerable<(string Name, string? Value)> parameters)
    {
        var given = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}").ToList();
        return given.Count > 0 ? "?" + string.Join('&', given) : "";
    }

    private async Task<int> RunAsync(ParseResult parsed, Option<string> output, CancellationToken ct)
    {
        using var rest = await FleetRest.ConnectAsync(parsed, ct);
        var format = OutputOption.Parse(parsed.GetValue(output)!);
        var answer = await AskAsync(rest, [.. Filters.Select(filter => (filter.Parameter, parsed.GetValue(filter.Option)))], ct);
        var items = (answer[Items] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        if (format is OutputFormat.Table or OutputFormat.Wide && items.Count > 0)
            Head?.Invoke(Console.Out, answer);
        Table.Write(Console.Out, answer, items, format);
        if (!AllPages && answer["continue"] is not null)
            Console.Error.WriteLine("There are more: --limit shows more of them, a narrower window others.");
        return ExitCodes.Success;
    }

    private async Task<JsonObject> AskAsync(FleetRest rest, IReadOnlyList<(string Name, string? Value)> parameters, CancellationToken ct)
    {
        var answer = await rest.ExchangeAsync(HttpMethod.Get, Path + Query(parameters), null, ct);
        while (AllPages && (string?)answer["continue"] is { Length: > 0 } next && answer[Items] is JsonArray all)
        {
            var page = await rest.ExchangeAsync(HttpMethod.Get, Path + Query([.. parameters, ("continue", next)]), null, ct);
            foreach (var item in (page[Items] as JsonArray)?.ToList() ?? [])
                all.Add(item?.DeepClone());
            answer["continue"] = page["continue"]?.DeepClone();
        }
        return answer;
    }
}
