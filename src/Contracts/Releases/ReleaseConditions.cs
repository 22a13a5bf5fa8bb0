using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Releases;

/// <summary>Conditions of Release, good when True; the names are upstream's.</summary>
public static class ReleaseConditions
{
    /// <summary>Every ProviderTemplate that the release names exists.</summary>
    public static ConditionType TemplatesCreated { get; } = new("TemplatesCreated");

    /// <summary>Every ProviderTemplate that the release names can be used.</summary>
    public static ConditionType TemplatesValid { get; } = new("TemplatesValid");
}
