using System.ComponentModel;

namespace Fleet.Contracts.References;

/// <summary>Kubernetes' <c>corev1.ObjectReference</c>: an object of any kind.</summary>
public sealed record ObjectReference
{
    [Description("API version of the referent.")]
    public string? ApiVersion { get; set; }

    [Description("Kind of the referent.")]
    public string? Kind { get; set; }

    [Description("Name of the referent.")]
    public string? Name { get; set; }

    [Description("Namespace of the referent; absent for cluster-scoped kinds.")]
    public string? Namespace { get; set; }

    [Description("UID of the referent.")]
    public string? Uid { get; set; }

    [Description("Resource version of the referent.")]
    public string? ResourceVersion { get; set; }

    [Description("A part of the referent.")]
    public string? FieldPath { get; set; }
}
