using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Objects;

/// <summary>How a cluster is deleted: in order, or by leaving something behind, which is confirmed by typing its name.</summary>
internal sealed class DeletionManner
{
    private const string PolicyAnnotation = "k0rdent.mirantis.com/deletion-policy";

    private readonly Option<bool> orphan = new("--orphan") { Description = "Forget the cluster and leave all of it as it is: services, Helm release, machines" };
    private readonly Option<bool> force = new("--force") { Description = "Skip what holds the deletion up. Machines, networks and disks may stay in the cloud and go on costing money" };
    private readonly Option<string?> meant = new("--yes-i-mean") { Description = "Name of the cluster, for scripts: confirms --orphan or --force without asking" };

    public void AddTo(Command command)
    {
        command.Options.Add(orphan);
        command.Options.Add(force);
        command.Options.Add(meant);
        command.Validators.Add(result =>
        {
            if (result.GetValue(orphan) && result.GetValue(force))
                result.AddError("--orphan and --force exclude each other: the one leaves the cluster, the other tears it down");
            else if (result.GetValue(meant) is not null && !result.GetValue(orphan) && !result.GetValue(force))
                result.AddError("--yes-i-mean confirms --orphan or --force");
        });
    }

    /// <summary>Null for a plain deletion.</summary>
    public string? PolicyOf(ParseResult parsed) => parsed.GetValue(orphan) ? "Orphan" : parsed.GetValue(force) ? "Force" : null;

    /// <summary>Asks for the name when it must be, and writes the policy down, so that whoever carries it out knows.</summary>
    /// <exception cref="CommandException">Not a cluster, not confirmed, or another name was typed.</exception>
    public async Task DecideAsync(ParseResult parsed, IKubernetesClient client, IReadOnlyList<(ResourceKind Kind, ObjectKey Key)> targets, CancellationToken ct)
    {
        if (PolicyOf(parsed) is not { } policy)
            return;
        if (targets is not [(var kind, var key)] || kind != FleetViews.ClusterDeployments)
            throw new CommandException($"--{policy.ToLowerInvariant()} is for one cluster: fleet delete cluster NAME --{policy.ToLowerInvariant()}", ExitCodes.Usage);
        Confirm(policy, key, parsed.GetValue(meant));
        await client.Dynamic(kind).PatchAsync(
            key,
            Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [PolicyAnnotation] = policy } } }),
            new() { FieldManager = "fleet-cli" }, ct);
    }

    private static void Confirm(string policy, ObjectKey key, string? meant)
    {
        if (meant is null)
        {
            if (Console.IsInputRedirected)
                throw new CommandException($"--{policy.ToLowerInvariant()} must be confirmed: add --yes-i-mean {key.Name}", ExitCodes.Usage);
            Console.WriteLine(policy == "Orphan"
                ? $"Fleet will forget cluster {key}. Its services, Helm release, machines and networks stay, and nobody looks after them."
                : $"Cluster {key} will be torn down without waiting. What does not go at once stays in the cloud, is named in an event, and costs money until you delete it.");
            Console.Write($"Type the name of the cluster to go on: ");
            meant = Console.ReadLine()?.Trim();
        }
        // With or without namespace, as names are given elsewhere.
        if (meant != key.Name && meant != key.ToString())
            throw new CommandException($"\"{meant}\" is not {key.Name}: nothing was changed.", ExitCodes.Failed);
    }
}
