namespace Fleet.Rest.Requests;

public enum QueryType { Text, Boolean, Integer, Time }

/// <summary>A parameter that an endpoint takes: checked by <see cref="QueryReader"/> and shown in the OpenAPI document, so that both say the same.</summary>
public sealed record QueryParameter(string Name, QueryType Type, string Description)
{
    public const int LongestText = 1024;

    public int Least { get; init; } = 1;

    public int Most { get; init; } = int.MaxValue;

    public int Longest { get; init; } = LongestText;

    public bool IsRequired { get; init; }

    public IReadOnlyList<string>? Among { get; init; }
}

/// <summary>On an endpoint: all the parameters it takes.</summary>
public sealed record QueryParameters(IReadOnlyList<QueryParameter> All);
