namespace Fleet.Console.Tests;

/// <summary>Through what somebody looks at the console.</summary>
internal sealed record Look(int Width = 1280, int Height = 800, bool Dark = false, string Locale = "en-GB")
{
    public static Look Usual { get; } = new();

    public override string ToString() => $"{Width}-{(Dark ? "dark" : "light")}";
}
