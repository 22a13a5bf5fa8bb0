using Fleet.ClusterManager.Admission;
using Fleet.ControlPlane.Admission;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Host.Management;

/// <summary>Puts the rules for Fleet's manifests in front of the embedded management API, as a webhook would elsewhere.</summary>
internal sealed class FleetAdmission : IAdmission
{
    private static readonly string[] Groups = ["k0rdent.mirantis.com", "source.toolkit.fluxcd.io"];

    public bool Handles(ResourceKind kind, AdmissionOperation operation, string? subresource) =>
        operation != AdmissionOperation.Delete && subresource is null && Groups.Contains(kind.Group);

    public ValueTask<AdmissionDecision> AdmitAsync(AdmissionRequest request, CancellationToken ct)
    {
        var problems = request.Object is { } wanted ? ManifestRules.Check(request.Kind.Group, request.Kind.Kind, wanted, request.Old) : [];
        if (problems.Count > 0)
            return ValueTask.FromResult(AdmissionDecision.Invalid([.. problems.Select(problem => new ApiStatusCause("FieldValueInvalid", problem.Message, problem.Field))]));
        var warnings = request.Object is { } accepted ? IgnoredFields.Warnings(request.Kind.Kind, accepted) : [];
        return ValueTask.FromResult(AdmissionDecision.AllowWith([.. warnings]));
    }
}
