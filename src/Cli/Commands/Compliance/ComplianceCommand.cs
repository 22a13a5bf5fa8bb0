using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Services;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Compliance;

/// <summary><c>fleet compliance [CLUSTER]</c> and <c>fleet compliance trend [CLUSTER]</c>: what policies found in the clusters.</summary>
internal static class ComplianceCommand
{
    private const string Root = "api/v1/compliance";

    private static readonly string[] Results = ["pass", "fail", "warn", "error", "skip", "excepted"];

    public static Command Build()
    {
        var (cluster, options) = (ClusterArgument(), new ComplianceOptions());
        var result = new Option<string?>("--result") { Description = $"Only what has one of these results, separated by commas: {string.Join(", ", Results)}. With a cluster: its findings one by one" };
        result.Validators.Add(parsed =>
        {
            foreach (var word in (parsed.GetValue(result) ?? "").Split(',').Except(Results))
                parsed.AddError($"\"{word}\" is no result; there are: {string.Join(", ", Results)}");
        });
        var command = new Command("compliance", "Show what policies found: by cluster, or by policy for one of them, with --result its findings.")
        {
            cluster, options.Namespace, options.Policy, options.In, result, options.Output, FleetRest.RestOption,
        };
        command.Subcommands.Add(BuildTrend());
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var (format, results) = (OutputOption.Parse(parsed.GetValue(options.Output)!), parsed.GetValue(result));
            var place = await PlaceAsync(rest, parsed.GetValue(cluster), parsed.GetValue(options.Namespace), ct);
            var query = Query([.. options.Query(parsed), ("result", results)]);
            if (place.Cluster is null)
            {
                var clusters = await AllAsync(rest, $"{Root}/clusters{query}&{place.Query}", ServiceJson.Default.PageClusterComplianceView, ct);
                Write(clusters, format, json => json.PageClusterComplianceView, () => ComplianceText.Clusters(Console.Out, clusters.Items, Now, format == OutputFormat.Wide), "No cluster reports anything");
            }
            else if (results is not null && !results.Split(',').Any(word => word is "pass" or "skip"))
            {
                var findings = await AllAsync(rest, $"{Root}/clusters/{place.Cluster.Namespace}/{place.Cluster.Cluster}/findings{query}", ServiceJson.Default.PageFindingView, ct);
                Write(findings, format, json => json.PageFindingView, () => ComplianceText.Findings(Console.Out, place.Cluster, findings.Items, Now, format == OutputFormat.Wide), "There are no such findings");
            }
            else
            {
                var policies = await AllAsync(rest, $"{Root}{query}&{place.Query}", ServiceJson.Default.PageComplianceView, ct);
                Write(policies, format, json => json.PageComplianceView, () => ComplianceText.Policies(Console.Out, place.Cluster, policies.Items, Now), "There is no such policy");
            }
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command BuildTrend()
    {
        var (cluster, options) = (ClusterArgument(), new ComplianceOptions());
        var days = new Option<int>("--days") { Description = "How many days back", DefaultValueFactory = _ => 30 };
        days.Validators.Add(parsed =>
        {
            if (parsed.GetValue(days) is < 1 or > 366)
                parsed.AddError("--days must be from 1 to 366");
        });
        var command = new Command("trend", "Show the sums of each day, of all clusters or of one.")
        {
            cluster, options.Namespace, options.Policy, options.In, days, options.Output, FleetRest.RestOption,
        };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var place = await PlaceAsync(rest, parsed.GetValue(cluster), parsed.GetValue(options.Namespace), ct);
            var trend = await rest.GetAsync($"{Root}/trend{Query([.. options.Query(parsed), ("days", $"{parsed.GetValue(days)}")])}&{place.Query}", ServiceJson.Default.ComplianceTrendView, ct);
            var format = OutputOption.Parse(parsed.GetValue(options.Output)!);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                ServiceJson.Write(Console.Out, trend, format, json => json.ComplianceTrendView);
            else if (trend.Days.Count == 0)
                Console.Error.WriteLine("Nothing is recorded yet.");
            else
                ComplianceText.Trend(Console.Out, trend.Days);
            return ExitCodes.Success;
        });
        return command;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Argument<string?> ClusterArgument() => new("cluster") { Description = "Name of the cluster, or namespace/name. Default: all of them", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The cluster that a user means by a name; all of them when none is given.</summary>
    private static async Task<(ClusterComplianceView? Cluster, string Query)> PlaceAsync(FleetRest rest, string? word, string? @namespace, CancellationToken ct)
    {
        if (word is null)
            return (null, Query([("namespace", @namespace)])[1..]);
        if (word.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
            (@namespace, word) = (word[..slash], word[(slash + 1)..]);
        var found = (await AllAsync(rest, $"{Root}/clusters{Query([("cluster", word), ("namespace", @namespace)])}", ServiceJson.Default.PageClusterComplianceView, ct)).Items;
        return found switch
        {
            [var one] => (one, Query([("cluster", one.Cluster), ("namespace", one.Namespace)])[1..]),
            [] => throw new CommandException($"Nothing is known of the compliance of a cluster \"{word}\"{(@namespace is null ? "" : $" in namespace {@namespace}")}. `fleet compliance` lists those that are known.", ExitCodes.NotFound),
            _ => throw new CommandException($"Several clusters are called \"{word}\": {string.Join(", ", found.Select(cluster => $"{cluster.Namespace}/{cluster.Cluster}"))}. Say which with -n NAMESPACE.", ExitCodes.Usage),
        };
    }

    private static async Task<Page<T>> AllAsync<T>(FleetRest rest, string path, JsonTypeInfo<Page<T>> json, CancellationToken ct)
    {
        var page = await rest.GetAsync($"{path}&limit=500", json, ct);
        var items = page.Items.ToList();
        while (page.Continue is { } next)
        {
            page = await rest.GetAsync($"{path}&limit=500&continue={Uri.EscapeDataString(next)}", json, ct);
            items.AddRange(page.Items);
        }
        return page with { Items = items };
    }

    private static string Query(IReadOnlyList<(string Name, string? Value)> parameters) =>
        "?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));

    private static void Write<T>(Page<T> page, OutputFormat format, Func<ServiceJson, JsonTypeInfo<Page<T>>> json, Action text, string none)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
            ServiceJson.Write(Console.Out, page, format, json);
        else if (page.Items.Count > 0)
            text();
        else
            Console.Error.WriteLine($"{none}{(page.LimitedByAccess ? " among what you may see: RBAC hides some namespaces from you" : "")}.");
    }

    private sealed class ComplianceOptions
    {
        public Option<string?> Namespace { get; } = Scope.NamespaceOption();

        public Option<string?> Policy { get; } = new("--policy") { Description = "Only this policy; KIND/NAME for a constraint of Gatekeeper" };

        public Option<string?> In { get; } = new("--in") { Description = "Only this namespace in the clusters" };

        public Option<string> Output { get; } = ServiceArguments.Output();

        public IEnumerable<(string, string?)> Query(ParseResult parsed) => [("policy", parsed.GetValue(Policy)), ("targetNamespace", parsed.GetValue(In))];
    }
}
