namespace Fleet.Rest.SignIn;

/// <summary>Where a browser goes after signing in: a page of the console, and never another site.</summary>
public static class ReturnPath
{
    private const int Longest = 512;

    /// <summary>A path of this site as browsers read it: they take \ for /, leave out control characters, and see a host after two slashes.</summary>
    public static bool IsSafe(string path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && path.Length <= Longest && !path.Any(character => char.IsControl(character) || character is '\\')
        && !path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
        && Uri.TryCreate(new Uri("https://console.invalid"), path, out var whole) && whole.Host == "console.invalid" && whole.Scheme == Uri.UriSchemeHttps;
}
