using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Services;

/// <summary>Finds the service that a user means by a name, without making them type what is clear.</summary>
internal static class ServiceLookup
{
    private const string Root = "api/v1/services";

    public static Option<string?> ClusterOption() => new("--cluster", "-c") { Description = "Of a service: the cluster, by its name or as namespace/name" };

    /// <param name="word">A name, or namespace/name with the namespace in the cluster.</param>
    /// <param name="cluster">A name, or namespace/name; null: wherever there is such a service.</param>
    /// <exception cref="CommandException">There is none, or more than one.</exception>
    public static async Task<ClusterServiceView> FindAsync(FleetRest rest, string word, string? cluster, string? @namespace, CancellationToken ct)
    {
        if (cluster?.IndexOf('/', StringComparison.Ordinal) is { } slash and > 0)
            (@namespace, cluster) = (cluster[..slash], cluster[(slash + 1)..]);
        var query = new List<string> { $"service={Uri.EscapeDataString(word)}" };
        if (cluster is not null)
            query.Add($"cluster={Uri.EscapeDataString(cluster)}");
        if (@namespace is not null)
            query.Add($"namespace={Uri.EscapeDataString(@namespace)}");
        var page = await rest.GetAsync($"{Root}?{string.Join('&', query)}", ServiceJson.Default.PageClusterServiceView, ct);
        // Two ServiceSets may want one release: it is one service all the same.
        var found = page.Items.DistinctBy(Path).ToList();
        var where = $"{(cluster is null ? "" : $" on cluster {cluster}")}{(@namespace is null ? "" : $" in namespace {@namespace}")}";
        return found switch
        {
            [var one] => one,
            [] when page.LimitedByAccess => throw new CommandException($"There is no service \"{word}\"{where} among those that you may see: RBAC hides some namespaces from you.", ExitCodes.NotFound),
            [] => throw new CommandException($"There is no service \"{word}\"{where}. `fleet get services` lists them.", ExitCodes.NotFound),
            _ => throw new CommandException(
                $"Several services are called \"{word}\"{where}: {string.Join(", ", found.Take(5).Select(Title))}{(found.Count > 5 ? ", …" : "")}. Say which with -c CLUSTER, -n NAMESPACE or NAMESPACE/{word.Split('/')[^1]}.",
                ExitCodes.Usage),
        };
    }

    public static string Path(ClusterServiceView service) =>
        $"{Root}/{string.Join('/', ((string[])[service.Namespace, service.Cluster, service.ServiceNamespace, service.Name]).Select(Uri.EscapeDataString))}";

    public static string Title(ClusterServiceView service) => $"{service.ServiceNamespace}/{service.Name} on {service.Namespace}/{service.Cluster}";
}
