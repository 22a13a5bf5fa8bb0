using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Clusters;

/// <summary>Finds the cluster that a user means by a name, without making them type its namespace where it is clear.</summary>
internal static class ClusterLookup
{
    /// <exception cref="CommandException">There is none, or more than one.</exception>
    public static async Task<DynamicObject> FindAsync(IKubernetesClient client, string word, string? @namespace, CancellationToken ct)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
            (@namespace, word) = (word[..slash], word[(slash + 1)..]);
        if (@namespace is not null)
        {
            return await client.Dynamic(FleetViews.ClusterDeployments).GetAsync(new(@namespace, word), ct)
                ?? throw new CommandException($"There is no cluster \"{word}\" in namespace {@namespace}.", ExitCodes.NotFound);
        }

        var all = await client.Dynamic(FleetViews.ClusterDeployments).ListAsync(new(), ct);
        var found = all.Items.Where(cluster => cluster.Key.Name == word).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new CommandException($"There is no cluster \"{word}\". `fleet get clusters` lists them.", ExitCodes.NotFound),
            _ => throw new CommandException($"Several clusters are called \"{word}\": {string.Join(", ", found.Select(cluster => cluster.Key))}. Say which with -n NAMESPACE.", ExitCodes.Usage),
        };
    }
}
