using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Services;

/// <summary><c>fleet plan services [CLUSTER]</c>: what StateManager would do now.</summary>
internal static class ServicePlan
{
    public static async Task<int> RunAsync(ParseResult parsed, string? cluster, string? @namespace, bool json, bool detailed, CancellationToken ct)
    {
        if (cluster?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0)
            (@namespace, cluster) = (cluster[..slash], cluster[(slash + 1)..]);
        using var rest = await FleetRest.ConnectAsync(parsed, ct);
        var clusters = new List<ClusterServicesPlanView>();
        string? next = null;
        var limited = false;
        do
        {
            (string Name, string? Value)[] given = [("namespace", @namespace), ("cluster", cluster), ("continue", next)];
            var query = string.Join('&', given.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
            var page = await rest.GetAsync($"api/v1/services/plan?{query}", ServiceJson.Default.PageClusterServicesPlanView, ct);
            clusters.AddRange(page.Items);
            limited |= page.LimitedByAccess;
            next = page.Continue;
        }
        while (next is not null);
        if (limited)
            Failure.Warn("RBAC hides some namespaces from you: their clusters are not in this plan.");
        if (cluster is not null && clusters.Count == 0)
            throw new CommandException($"There are no services on a cluster \"{cluster}\". `fleet get services` lists them.", ExitCodes.NotFound);
        if (json)
            ServiceJson.Write<IReadOnlyList<ClusterServicesPlanView>>(Console.Out, clusters, OutputFormat.Json, type => type.IReadOnlyListClusterServicesPlanView);
        else
            ServicePreviewText.Plan(Console.Out, clusters);
        if (!detailed)
            return ExitCodes.Success;
        return clusters.Exists(item => item.Problem is not null) ? ExitCodes.Failed : clusters.Exists(item => item.Services.Any(IsWork)) ? ExitCodes.Changes : ExitCodes.Success;
    }

    public static bool IsWork(ServiceStepView step) => step.Action is not (ServiceStepActions.None or ServiceStepActions.Wait);
}
