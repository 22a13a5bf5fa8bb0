using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Access;

[Kind("AccessManagement", "accessmanagements", Namespaced = false, ShortNames = ["am"], Status = typeof(AccessManagementStatus))]
[Description("Which objects of the system namespace are copied to which namespaces. There is one, named kcm.")]
public sealed record AccessManagementSpec
{
    /// <summary>The only name that an AccessManagement may have.</summary>
    public const string SingletonName = "kcm";

    [Description("What is copied where.")]
    public List<AccessRule>? AccessRules { get; set; }
}

public sealed record AccessRule
{
    [Description("Namespaces to copy to; absent or empty means every namespace.")]
    public TargetNamespaces? TargetNamespaces { get; set; }

    [Description("Objects to copy, kind by kind.")]
    public List<ResourceRule>? Resources { get; set; }

    [Description("Deprecated, use resources: names of ClusterTemplateChains.")]
    public List<string>? ClusterTemplateChains { get; set; }

    [Description("Deprecated, use resources: names of ServiceTemplateChains.")]
    public List<string>? ServiceTemplateChains { get; set; }

    [Description("Deprecated, use resources: names of Credentials.")]
    public List<string>? Credentials { get; set; }

    [Description("Deprecated, use resources: names of ClusterAuthentications.")]
    public List<string>? ClusterAuthentications { get; set; }

    [Description("Deprecated, use resources: names of DataSources.")]
    public List<string>? DataSources { get; set; }

    [Description("Deprecated, use resources: names of ClusterAuditPolicies.")]
    public List<string>? ClusterAuditPolicies { get; set; }
}

[AtMostOneOf("list", "selector", "stringSelector", Message = "only one of list, selector, stringSelector can be specified")]
public sealed record TargetNamespaces
{
    [Description("Names of namespaces.")]
    public List<string>? List { get; set; }

    [Description("Selector over the labels of namespaces.")]
    public LabelSelector? Selector { get; set; }

    [Description("Selector over the labels of namespaces, in the form of kubectl.")]
    public string? StringSelector { get; set; }
}

[AtMostOneOf("names", "selector", "stringSelector", Message = "only one of names, selector, stringSelector can be specified")]
public sealed record ResourceRule
{
    [Description("API group of the kind; may be left out for the kinds of this group that can be distributed.")]
    public string? ApiGroup { get; set; }

    [Required, Description("Kind of the objects.")]
    public string Kind { get; set; } = "";

    [Description("Names of objects; without names and selectors, all of the kind.")]
    public List<string>? Names { get; set; }

    [Description("Selector over the labels of objects.")]
    public LabelSelector? Selector { get; set; }

    [Description("Selector over the labels of objects, in the form of kubectl.")]
    public string? StringSelector { get; set; }
}
