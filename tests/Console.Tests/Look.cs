namespace Fleet.Console.Tests;

/// <summary>Through what somebody looks at the console.</summary>
internal sealed record Look(int Width = 1280, int Height = 800, bool Dark = false, string Locale = "en-GB")
{
    public static Look Usual { get; } = new();

    /// <summary>Both widths in both themes.</summary>
    public static IReadOnlyList<Look> All { get; } = [new(), new(Dark: true), new(390, 844), new(390, 844, Dark: true)];

    public override string ToString() => $"{Width}-{(Dark ? "dark" : "light")}";
}
