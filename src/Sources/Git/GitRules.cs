using System.Text.RegularExpressions;

namespace Fleet.Sources.Git;

/// <summary>What a GitSource must be before a process is started for it. Pure.</summary>
internal static partial class GitRules
{
    /// <summary>The URL. Throws <see cref="SourceException"/> (Invalid, or AuthenticationFailed where credentials would go astray).</summary>
    public static Uri Check(GitSource source)
    {
        if (!Uri.TryCreate(source.Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http" or "ssh") || url.Host.Length == 0 || url.Host.StartsWith('-'))
            throw Invalid($"spec.url \"{Shown(source.Url)}\" must start with https://, http:// or ssh://.");
        if (url.Scheme != "ssh" && url.UserInfo.Length > 0)
            throw Invalid("spec.url carries credentials. Put them into the Secret that spec.secretRef names.");
        if (url.UserInfo.Contains(':', StringComparison.Ordinal))
            throw Invalid("spec.url carries a password. SSH signs in with the key in the Secret that spec.secretRef names.");
        if (url.Scheme == "http" && source.Access is { } access && (access.Username ?? access.BearerToken) is { Length: > 0 })
            throw new SourceException(SourceErrorKind.AuthenticationFailed, $"{url.GetLeftPart(UriPartial.Authority)} is not https: credentials are not sent there.");
        var reference = source.Reference;
        if (reference.Commit is { Length: > 0 } commit && !Commit().IsMatch(commit))
            throw Invalid($"spec.ref.commit \"{Shown(commit)}\" is not a whole commit: forty hexadecimal digits.");
        foreach (var (field, name) in new[] { ("branch", reference.Branch), ("tag", reference.Tag), ("name", reference.Name) })
            if (name is { Length: > 0 } && !IsName(name)) throw Invalid($"spec.ref.{field} \"{Shown(name)}\" is not a name of Git.");
        if (reference.Name is { Length: > 0 } full && !full.StartsWith("refs/", StringComparison.Ordinal) && full != "HEAD")
            throw Invalid($"spec.ref.name \"{Shown(full)}\" must be a full name, for instance refs/heads/main.");
        foreach (var folder in source.Folders)
            if (folder.Length == 0 || folder.StartsWith('-') || folder.StartsWith('/') || folder.StartsWith(':') || folder.Split('/').Contains(".."))
                throw Invalid($"spec.sparseCheckout: \"{Shown(folder)}\" is not a folder of the repository.");
        return url;
    }

    // git check-ref-format, and nothing that a pattern or an option could be made of.
    private static bool IsName(string name) =>
        !name.StartsWith('-') && !name.StartsWith('/') && !name.EndsWith('/') && !name.EndsWith('.') && !name.EndsWith(".lock", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("//", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal)
        && name.All(c => c > ' ' && c != 127 && c is not ('~' or '^' or ':' or '?' or '*' or '[' or '\\'));

    private static SourceException Invalid(string message) => new(SourceErrorKind.Invalid, message);

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit();
}
