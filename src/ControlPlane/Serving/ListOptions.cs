using System.Globalization;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>What a list, a watch or a read may say about versions, and which of it contradicts itself.</summary>
internal static class ListOptions
{
    private const string Match = "resourceVersionMatch";
    private const string Initial = "sendInitialEvents";

    /// <summary>Throws 422 with every contradiction.</summary>
    public static void Check(ApiRequest request, bool isWatch)
    {
        var match = request.Query(Match) ?? "";
        var hasVersion = request.Query("resourceVersion") is { Length: > 0 };
        var hasContinue = request.Query("continue") is { Length: > 0 };
        if (match.Length == 0 && request.Query(Initial) is not { Length: > 0 } && !(isWatch && hasContinue)) return;
        var causes = new List<ApiStatusCause>();
        if (request.Query(Initial) is { Length: > 0 })
        {
            if (!isWatch) Forbid(causes, Initial, $"{Initial} is forbidden for list");
            else CheckInitial(causes, match);
        }
        else if (isWatch)
        {
            if (match.Length > 0) Forbid(causes, Match, $"{Match} is forbidden for watch unless {Initial} is provided");
            else Forbid(causes, Match, $"{Match} is forbidden when continue is provided");
        }
        else
        {
            CheckList(request, causes, match, hasVersion, hasContinue);
        }
        if (causes.Count > 0) throw ApiErrors.InvalidOptions("ListOptions", causes);
    }

    /// <summary>The version that the request states; null for none.</summary>
    public static long? Version(ApiRequest request)
    {
        if (request.Query("resourceVersion") is not { Length: > 0 } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiErrors.BadRequest($"invalid resource version: resourceVersion: Invalid value: \"{text}\": must be a number");
    }

    /// <summary>Throws when the client knows more than this server, after a restore for example: it must not be given what it takes to be newer.</summary>
    public static void CheckReached(long wanted, long current)
    {
        if (wanted <= current) return;
        throw new KubeApiException(504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {current}",
            new(null, null, null, [new("ResourceVersionTooLarge", "Too large resource version", null)], 1));
    }

    private static void CheckInitial(List<ApiStatusCause> causes, string match)
    {
        if (match == "NotOlderThan") return;
        Forbid(causes, Match, $"{Initial} requires setting {Match} to NotOlderThan");
        if (match.Length > 0) Unsupported(causes, match, "\"NotOlderThan\"");
    }

    private static void CheckList(ApiRequest request, List<ApiStatusCause> causes, string match, bool hasVersion, bool hasContinue)
    {
        if (match.Length == 0) return;
        if (!hasVersion) Forbid(causes, Match, $"{Match} is forbidden unless resourceVersion is provided");
        if (hasContinue) Forbid(causes, Match, $"{Match} is forbidden when continue is provided");
        if (match is not ("Exact" or "NotOlderThan")) Unsupported(causes, match, "\"Exact\", \"NotOlderThan\", \"\"");
        if (match == "Exact" && request.Query("resourceVersion") == "0") Forbid(causes, Match, $"{Match} \"exact\" is forbidden for resourceVersion \"0\"");
    }

    private static void Forbid(List<ApiStatusCause> causes, string field, string why) => causes.Add(new("FieldValueForbidden", $"Forbidden: {why}", field));

    private static void Unsupported(List<ApiStatusCause> causes, string value, string supported) =>
        causes.Add(new("FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {supported}", Match));
}
