using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.AuditPolicies;

[Kind("ClusterAuditPolicy", "clusterauditpolicies")]
[Immutable("Spec is immutable")]
[Description("Which requests the API servers of clusters record.")]
public sealed record ClusterAuditPolicySpec
{
    [Required, Description("Kubernetes' audit Policy, without apiVersion and kind.")]
    public AuditPolicy Policy { get; set; } = new();
}

/// <summary>Kubernetes' <c>audit.k8s.io/v1 Policy</c>.</summary>
public sealed record AuditPolicy
{
    [Required, Atomic, Description("The first rule that fits a request decides.")]
    public List<AuditPolicyRule> Rules { get; set; } = [];

    [Atomic, Description("Stages of which nothing is recorded.")]
    public List<string>? OmitStages { get; set; }

    [Description("Leave managedFields out of what is recorded.")]
    public bool? OmitManagedFields { get; set; }
}

public sealed record AuditPolicyRule
{
    [Required, Description("None, Metadata, Request or RequestResponse.")]
    public string Level { get; set; } = "";

    [Atomic, Description("Users; absent means all.")]
    public List<string>? Users { get; set; }

    [Atomic, Description("Groups of users; absent means all.")]
    public List<string>? UserGroups { get; set; }

    [Atomic, Description("Verbs; absent means all.")]
    public List<string>? Verbs { get; set; }

    [Atomic, Description("Resources; absent means all.")]
    public List<AuditedResources>? Resources { get; set; }

    [Atomic, Description("Namespaces; absent means all, an empty name means cluster-scoped objects.")]
    public List<string>? Namespaces { get; set; }

    [JsonPropertyName("nonResourceURLs"), Atomic, Description("Paths that are no resources; * at the end fits everything below.")]
    public List<string>? NonResourceUrls { get; set; }

    [Atomic, Description("Stages of which nothing is recorded, beside those of the policy.")]
    public List<string>? OmitStages { get; set; }

    [Description("Leave managedFields out of what is recorded; wins over the policy's.")]
    public bool? OmitManagedFields { get; set; }
}

public sealed record AuditedResources
{
    [Description("API group; empty means the core group.")]
    public string? Group { get; set; }

    [Atomic, Description("Plural names, also with a subresource: pods/log, pods/*, */scale; absent means all.")]
    public List<string>? Resources { get; set; }

    [Atomic, Description("Names of objects; absent means all.")]
    public List<string>? ResourceNames { get; set; }
}
