using System.ComponentModel;

namespace Fleet.Contracts.Access;

public sealed record AccessManagementStatus
{
    [Description("Everything that went wrong, in one text; resources tells it kind by kind.")]
    public string? Error { get; set; }

    [Description("The rules that were applied last.")]
    public List<AccessRule>? Current { get; set; }

    [Description("How the distribution of each kind went.")]
    public List<ResourceKindStatus>? Resources { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record ResourceKindStatus
{
    [Description("API group of the kind.")]
    public string? ApiGroup { get; set; }

    [Description("The kind.")]
    public string? Kind { get; set; }

    [Description("What went wrong; absent when all went well.")]
    public string? Error { get; set; }
}
