using Fleet.ClusterManager.Admission;
using Fleet.ControlPlane.Admission;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Host.Management;

/// <summary>
/// Puts the rules for Fleet's manifests in front of the embedded management API, as a webhook would elsewhere. Until the services have started there is nobody
/// to ask about other objects: manifests are judged alone then, and deletions are let through, as they are where a webhook is not registered yet.
/// </summary>
internal sealed class FleetAdmission : IAdmission
{
    private static readonly string[] Groups = ["k0rdent.mirantis.com", "source.toolkit.fluxcd.io"];

    private volatile IManifestGate? gate;

    /// <summary>From now on the gate is asked.</summary>
    public void Use(IManifestGate opened) => gate = opened;

    public bool Handles(ResourceKind kind, AdmissionOperation operation, string? subresource) => subresource is null && Groups.Contains(kind.Group);

    public async ValueTask<AdmissionDecision> AdmitAsync(AdmissionRequest request, CancellationToken ct)
    {
        var operation = request.Operation switch
        {
            AdmissionOperation.Create => ManifestOperation.Create,
            AdmissionOperation.Update => ManifestOperation.Update,
            _ => ManifestOperation.Delete,
        };
        var change = new ManifestChange(operation, request.Kind.Group, request.Kind.Kind, request.Key, request.Object, request.Old);
        var verdict = gate is { } asked ? await asked.JudgeAsync(change, ct) : ManifestGates.JudgeAlone(change);
        return new(
            verdict.IsAllowed,
            verdict.Refusal ?? verdict.NotYet,
            verdict.Refusal is null ? [.. verdict.Problems.Select(problem => new ApiStatusCause("FieldValueInvalid", problem.Message, problem.Field))] : [],
            verdict.Warnings);
    }
}
