using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>What is to be otherwise in one workload, and how it is found in the values of a chart. Pure.</summary>
internal interface IWantedChange
{
    string Kind { get; }

    string Namespace { get; }

    string Name { get; }

    /// <summary>Where the values may say it, the likeliest first. Only candidates: what a path does is proven by rendering.</summary>
    IReadOnlyList<IReadOnlyList<string>> Candidates(JsonObject values, DynamicObject workload);

    /// <summary>What the values would have there.</summary>
    JsonNode Value();

    /// <summary>Null when other values are proven to change this and nothing else; else what speaks against it.</summary>
    string? Against(IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after);

    /// <summary>For people: a strategic merge patch of the workload.</summary>
    JsonObject Patch();

    /// <summary>Shown when no place is found.</summary>
    string WithoutPlace { get; }
}
