using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Admission;

public enum AdmissionOperation { Create, Update, Delete }

/// <summary>
/// Code of this process that is asked before a write, as an admission webhook would be. Called after defaulting, before validation;
/// it must not block for long and must not call the API it guards for the same object.
/// </summary>
public interface IAdmission
{
    /// <summary>False for kinds that it does not care about; asked for every write, so it must be cheap.</summary>
    bool Handles(ResourceKind kind, AdmissionOperation operation, string? subresource);

    /// <summary>May change <see cref="AdmissionRequest.Object"/> in place (defaults, labels); metadata.name and namespace may not be changed.</summary>
    ValueTask<AdmissionDecision> AdmitAsync(AdmissionRequest request, CancellationToken ct);
}

/// <summary>
/// A write that is about to happen. <c>Cluster</c> is <c>management</c> for the management cluster. <c>Object</c> is the new state, null for a
/// deletion; <c>Old</c> the present state, null for a creation and not to be changed.
/// </summary>
public sealed record AdmissionRequest(
    string Cluster, ResourceKind Kind, AdmissionOperation Operation, string? Subresource, ObjectKey Key, JsonObject? Object, JsonObject? Old,
    string User, bool DryRun);

/// <summary>Denied with field causes it becomes a 422, without any a 403 with <see cref="Message"/>.</summary>
public sealed record AdmissionDecision(bool Allowed, string? Message, IReadOnlyList<ApiStatusCause> Causes, IReadOnlyList<string> Warnings)
{
    public static AdmissionDecision Allow { get; } = new(true, null, [], []);

    public static AdmissionDecision AllowWith(params string[] warnings) => new(true, null, [], warnings);

    public static AdmissionDecision Deny(string message) => new(false, message, [], []);

    public static AdmissionDecision Invalid(params ApiStatusCause[] causes) => new(false, null, causes, []);
}
