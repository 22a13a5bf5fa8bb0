using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Services;
using Fleet.Cli.Connection;
using Fleet.Cli.Views;
using Fleet.Contracts;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Plans;

/// <summary><c>fleet pause cluster|service X</c> and <c>fleet resume cluster|service X</c>: one annotation, so that kubectl and Git can do the same.</summary>
internal static class PauseCommand
{
    public static Command Build() => Build(
        "pause", "Leave a cluster, its release and its services as they are until it is resumed; or one service. Status goes on being told.", "true",
        key => $"{key} is paused: nothing is written to it until `fleet resume cluster {key.Name}`.");

    public static Command BuildResume() => Build("resume", "Go on with a cluster that was paused, or with a service that was paused or rolled back.", null, key => $"{key} goes on.");

    private static Command Build(string verb, string description, string? value, Func<Kubernetes.Objects.ObjectKey, string> says)
    {
        var noun = new Argument<string>("noun") { Description = "cluster or service" };
        noun.AcceptOnlyFromAmong("cluster", "clusters", "cld", "service", "services");
        var name = new Argument<string>("name") { Description = "Name of the cluster or service, or namespace/name" };
        var @namespace = Scope.NamespaceOption();
        var onCluster = ServiceLookup.ClusterOption();
        var command = new Command(verb, description) { noun, name, @namespace, onCluster, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(noun)!.StartsWith("service", StringComparison.Ordinal))
            {
                using var rest = await FleetRest.ConnectAsync(parsed, ct);
                var service = await ServiceLookup.FindAsync(rest, parsed.GetValue(name)!, parsed.GetValue(onCluster), parsed.GetValue(@namespace), ct);
                var now = await rest.PostAsync($"{ServiceLookup.Path(service)}/actions/{verb}", ServiceJson.Default.ClusterServiceView, ct);
                Console.WriteLine(ServiceText.Held(now));
                return ExitCodes.Success;
            }
            using var client = FleetConnection.Connect(parsed);
            var cluster = await ClusterLookup.FindAsync(client, parsed.GetValue(name)!, parsed.GetValue(@namespace), ct);
            await client.Dynamic(FleetViews.ClusterDeployments).PatchAsync(
                cluster.Key,
                Patch.Merge(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.Paused] = value } } }),
                new() { FieldManager = "fleet-cli" }, ct);
            Console.WriteLine(says(cluster.Key));
            return ExitCodes.Success;
        });
        return command;
    }
}
