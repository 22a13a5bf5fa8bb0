namespace Fleet.Cost.Focus.Bills;

/// <summary>
/// Bills and clusters write the same resource differently: <c>aws:///eu-west-3a/i-0abc</c> is <c>i-0abc</c> or <c>arn:aws:ec2:eu-west-3:1:instance/i-0abc</c>, and
/// <c>azure:///subscriptions/…</c> is <c>/subscriptions/…</c> in other cases. Pure.
/// </summary>
internal static class ResourceIds
{
    /// <summary>Without scheme and leading slashes, in lower case.</summary>
    public static string Whole(string id)
    {
        var scheme = id.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? id : id[(scheme + 3)..]).TrimStart('/').ToLowerInvariant();
    }

    /// <summary>What is behind the last slash or colon, in lower case; empty when it is too short to mean one thing.</summary>
    public static string Last(string id)
    {
        var whole = Whole(id).TrimEnd('/');
        var last = whole[(whole.LastIndexOfAny(['/', ':']) + 1)..];
        return last.Length >= 4 ? last : "";
    }
}
