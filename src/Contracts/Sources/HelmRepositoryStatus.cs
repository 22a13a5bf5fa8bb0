using System.ComponentModel;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

public sealed record HelmRepositoryStatus
{
    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("Address of the index, where somebody keeps a copy.")]
    public string? Url { get; set; }

    [Description("The index that was fetched last.")]
    public JsonObject? Artifact { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
