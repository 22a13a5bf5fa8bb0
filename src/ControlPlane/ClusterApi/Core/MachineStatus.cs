using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>What is known of a Machine's parts.</summary>
internal sealed record MachineState
{
    public string? DataSecretName { get; init; }

    public bool BootstrapReady { get; init; }

    public bool InfrastructureReady { get; init; }

    public string InfrastructureMessage { get; init; } = "";

    public string InfrastructureKind { get; init; } = "";

    public string? ProviderId { get; init; }

    public string? FailureDomain { get; init; }

    public JsonNode? Addresses { get; init; }

    public JsonObject? Node { get; init; }

    public bool InfrastructureLost { get; init; }
}

/// <summary>Reads a Machine's parts and writes its status; the writing is pure.</summary>
internal static class MachineStatus
{
    public static MachineState Read(ManagementScope scope, JsonObject machine, JsonObject cluster, JsonObject? infrastructure, JsonObject? bootstrap)
    {
        var secret = machine.Text("spec", "bootstrap", "dataSecretName")
            ?? (bootstrap is not null && IsReady(bootstrap, "dataSecretCreated") ? bootstrap.Text("status", "dataSecretName") : null);
        var provisioned = infrastructure is not null && IsReady(infrastructure, "provisioned");
        var node = infrastructure?.Annotation(SimulationAnnotations.Node) is { } name
            ? scope.Clusters.Find(scope.Names.Of(cluster.KeyOf()))?.Get(CoreKinds.Node, ObjectKey.Cluster(name))
            : null;
        return new()
        {
            DataSecretName = secret,
            BootstrapReady = secret is not null,
            InfrastructureReady = provisioned,
            InfrastructureKind = machine.Text("spec", "infrastructureRef", "kind") ?? "",
            InfrastructureMessage = infrastructure?.FindCondition("Ready")?.Text("message") ?? "",
            ProviderId = provisioned ? infrastructure!.Text("spec", "providerID") : null,
            FailureDomain = infrastructure?.Text("status", "failureDomain") ?? infrastructure?.Text("spec", "failureDomain"),
            Addresses = infrastructure?.At("status", "addresses")?.DeepClone(),
            Node = node,
            InfrastructureLost = infrastructure is null && machine.Text("spec", "providerID") is not null,
        };
    }

    /// <summary>The contract's field, or <c>status.ready</c> of objects that follow the older contract.</summary>
    public static bool IsReady(JsonObject obj, string initialization) => obj.Flag("status", "initialization", initialization) || obj.Flag("status", "ready");

    public static void Write(JsonObject status, JsonObject machine, MachineState facts, DateTimeOffset now)
    {
        var generation = machine.Generation();
        void Set(Condition condition) => status.SetCondition(condition, now, generation);

        status["observedGeneration"] = generation;
        status.Ensure("initialization").Put("bootstrapDataSecretCreated", facts.BootstrapReady);
        status.Ensure("initialization").Put("infrastructureProvisioned", facts.InfrastructureReady);
        if (facts.Addresses is not null)
            status.Put("addresses", facts.Addresses);
        if (facts.Node is { } seen)
        {
            status.Put("nodeRef", new JsonObject { ["name"] = seen.NameOf() });
            status.Put("nodeInfo", seen.Child("status", "nodeInfo")?.DeepClone());
        }
        var nodeReady = facts.Node?.IsTrue("Ready") == true;
        var waitForNode = facts.InfrastructureReady ? "Waiting for a Node with the Machine's provider ID to appear" : "Waiting for the Machine's infrastructure";
        Set(Condition.Of("BootstrapConfigReady", facts.BootstrapReady, facts.BootstrapReady ? "Ready" : "NotReady",
            facts.BootstrapReady ? "" : "Bootstrap data is not available yet"));
        Set(Condition.Of("InfrastructureReady", facts.InfrastructureReady, facts.InfrastructureReady ? "Ready" : facts.InfrastructureLost ? "Deleted" : "NotReady",
            facts.InfrastructureReady ? "" : facts.InfrastructureMessage.Length > 0 ? facts.InfrastructureMessage : $"{facts.InfrastructureKind} is not ready yet"));
        Set(Condition.Of("NodeReady", nodeReady, nodeReady ? "NodeReady" : "InspectionFailed", nodeReady ? "" : waitForNode));
        Set(Condition.Of("NodeHealthy", nodeReady, nodeReady ? "NodeHealthy" : "InspectionFailed", nodeReady ? "" : waitForNode));
        // Its owner says when it no longer is; one that is just made is.
        if (machine.FindCondition("UpToDate") is null)
            Set(Condition.True("UpToDate", "UpToDate"));
        Set(Condition.False("Deleting", "NotDeleting"));
        Set(Condition.False("Paused", "NotPaused"));
        var ready = facts.BootstrapReady && facts.InfrastructureReady && nodeReady;
        var why = !facts.BootstrapReady ? "* BootstrapConfigReady: Bootstrap data is not available yet"
            : !facts.InfrastructureReady ? $"* InfrastructureReady: {(facts.InfrastructureMessage.Length > 0 ? facts.InfrastructureMessage : "not ready yet")}"
            : $"* NodeHealthy: {waitForNode}";
        Set(Condition.Of("Ready", ready, ready ? "Ready" : "NotReady", ready ? "" : why));
        Set(Condition.Of("Available", ready, ready ? "Available" : "NotReady"));
        status["phase"] = facts.InfrastructureLost ? "Failed"
            : facts.Node is not null ? "Running"
            : facts.InfrastructureReady ? "Provisioned"
            : facts.BootstrapReady ? "Provisioning"
            : "Pending";
        DeprecatedConditions.Write(status, now,
            Condition.Of("Ready", ready, ready ? "" : "WaitingForInfrastructure"),
            Condition.Of("BootstrapReady", facts.BootstrapReady, facts.BootstrapReady ? "" : "WaitingForDataSecret"),
            Condition.Of("InfrastructureReady", facts.InfrastructureReady, facts.InfrastructureReady ? "" : "WaitingForInfrastructure"),
            Condition.Of("NodeHealthy", nodeReady, nodeReady ? "" : "WaitingForNodeRef"));
    }
}
