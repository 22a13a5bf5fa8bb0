using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Tells transitions as Kubernetes events. An event that can not be written is logged and forgotten: status says the same.</summary>
internal sealed partial class ClusterEvents(IKubernetesClient client, TimeProvider clock, ILogger<ClusterEvents> log)
{
    private static readonly ResourceKind Events = new("events.k8s.io", "v1", "Event", "events", Namespaced: true);

    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(5);

    private static readonly string Instance = Environment.MachineName;

    public async Task TellAsync(ClusterDeployment cluster, IReadOnlyList<Condition> conditions)
    {
        using var timeout = new CancellationTokenSource(WriteTimeout, clock);
        foreach (var transition in ClusterTransitions.Between(cluster.Status?.Conditions ?? [], conditions))
        {
            try
            {
                await client.Dynamic(Events).CreateAsync(new(Body(cluster, transition)), timeout.Token);
            }
            catch (Exception e) when (e is KubeApiException or OperationCanceledException)
            {
                LogNotWritten(cluster.Metadata.Key, transition.Reason, e);
            }
        }
    }

    private JsonObject Body(ClusterDeployment cluster, ClusterTransition transition)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            ["apiVersion"] = Events.ApiVersion,
            ["kind"] = Events.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{cluster.Metadata.Name}.{now.UtcTicks:x}{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 2))}",
                ["namespace"] = cluster.Metadata.Namespace,
            },
            ["eventTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["reportingController"] = "fleet-cluster-manager",
            ["reportingInstance"] = Instance,
            ["action"] = "Reconcile",
            ["reason"] = transition.Reason,
            ["type"] = transition.IsWarning ? "Warning" : "Normal",
            ["regarding"] = new JsonObject
            {
                ["apiVersion"] = FleetKinds.ClusterDeployments.Kind.ApiVersion,
                ["kind"] = FleetKinds.ClusterDeployments.Kind.Kind,
                ["name"] = cluster.Metadata.Name,
                ["namespace"] = cluster.Metadata.Namespace,
                ["uid"] = cluster.Metadata.Uid,
            },
            ["note"] = transition.Message.Length > 1000 ? transition.Message[..1000] + "…" : transition.Message,
        };
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "event {Reason} of {Cluster} could not be written")]
    private partial void LogNotWritten(ObjectKey cluster, string reason, Exception exception);
}
