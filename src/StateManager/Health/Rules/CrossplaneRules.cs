namespace Fleet.StateManager.Health.Rules;

/// <summary>Crossplane's packages and definitions; what it manages follows <see cref="ConditionRules"/>.</summary>
internal static class CrossplaneRules
{
    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        ("pkg.crossplane.io", "Provider", Package),
        ("pkg.crossplane.io", "Configuration", Package),
        ("pkg.crossplane.io", "Function", Package),
        ("apiextensions.crossplane.io", "CompositeResourceDefinition", item => ConditionRules.AllTrue(item, "Established")),
    ];

    private static ObjectVerdict Package(ObservedObject package) => ConditionRules.AllTrue(package, "Installed", "Healthy");
}
