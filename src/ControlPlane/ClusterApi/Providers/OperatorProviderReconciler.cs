using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>
/// Any provider object of the Cluster API operator: "installs" its version after a moment and says so in the operator's conditions. As there, nothing is
/// installed before the CoreProvider is ready. Nothing is downloaded: the kinds of the providers are here already.
/// </summary>
internal sealed class OperatorProviderReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private const string Finalizer = "provider.cluster.x-k8s.io";
    private const string Core = "CoreProvider";
    private const string DefaultContract = "v1beta2";

    protected override bool FollowsCluster => false;

    private string Source => $"{Kind.Kind.ToLowerInvariant()}-controller";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, ct);
        await scope.ChangeAsync(Kind, obj.KeyOf(), seen => seen.Hold(Finalizer), ct);
        foreach (var problem in ProvisioningFaults.Problems(obj))
            await scope.RecordAsync(obj, "Warning", "InvalidAnnotation", problem, Source, ct);
        if (Kind.Kind != Core && !CoreIsReady(scope))
        {
            await SayAsync(scope, obj, "PreflightCheckPassed", new("WaitingForCoreProviderReady", "Waiting for the core provider to be installed."), ct);
            return Retry;
        }
        if (ProvisioningFaults.Failure(obj, "InstallationFailed") is { } failure)
        {
            await SayAsync(scope, obj, "ProviderInstalled", failure, ct);
            return null;
        }
        var version = obj.Text("spec", "version") ?? "latest";
        var left = obj.Text("status", "installedVersion") == version
            ? TimeSpan.Zero
            : scope.Steps.Left(obj.Uid(), $"install {version}", ProvisioningFaults.Slowed(obj, null, scope.Options.Timings.NetworkReady));
        if (left > TimeSpan.Zero)
        {
            await SayAsync(scope, obj, "ProviderInstalled", new("Installing", $"Version {version} is being installed."), ct);
            return left;
        }
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), status =>
        {
            status["installedVersion"] = version;
            status["contract"] = DefaultContract;
            status["observedGeneration"] = obj.Generation();
            foreach (var condition in (string[])["PreflightCheckPassed", "ProviderInstalled", "Ready"])
                status.SetCondition(Condition.True(condition, condition), scope.Now, obj.Generation());
        }, ct);
        return null;
    }

    private static bool CoreIsReady(ManagementScope scope) =>
        scope.Kinds.Find("operator.cluster.x-k8s.io", Core) is { } core && scope.Api.List(core).Any(provider => !provider.IsDeleting() && provider.IsTrue("Ready"));

    /// <summary>A step that is not done, and so the whole.</summary>
    private async ValueTask SayAsync(ManagementScope scope, JsonObject obj, string step, Failure why, CancellationToken ct) =>
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), status =>
        {
            status.WriteTerminal(why);
            status["observedGeneration"] = obj.Generation();
            status.SetCondition(Condition.False(step, why.Reason, why.Message), scope.Now, obj.Generation());
            status.SetCondition(Condition.False("Ready", why.Reason, why.Message), scope.Now, obj.Generation());
        }, ct);

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject obj, CancellationToken ct)
    {
        if (ProvisioningFaults.DeletionFailure(obj) is { } message)
        {
            await SayAsync(scope, obj, "ProviderInstalled", new("DeletionFailed", message), ct);
            return Retry;
        }
        var left = scope.Steps.Left(obj.Uid(), "delete", ProvisioningFaults.Slowed(obj, null, scope.Options.Timings.Deprovision));
        if (left > TimeSpan.Zero)
            return left;
        scope.Steps.Forget(obj.Uid(), "delete");
        await scope.ChangeAsync(Kind, obj.KeyOf(), seen => seen.LetGo(Finalizer), ct);
        return null;
    }
}
