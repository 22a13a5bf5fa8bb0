namespace Fleet.Api.Tests.Tenants;

/// <summary>One request about what is another tenant's.</summary>
/// <param name="Names">The request says the name of the other, so that an answer that repeats it tells nothing.</param>
internal sealed record WalkAttempt(string Path, bool Names)
{
    /// <summary>The same for something that does not exist: the answer must be the same.</summary>
    public string? Absent { get; init; }

    public string? Body { get; init; }

    /// <summary>In the path or in the body.</summary>
    public bool IsAboutTheirs { get; init; }
}

/// <summary>In how many ways a call can be asked for what is another tenant's.</summary>
internal static class WalkAttempts
{
    public static readonly string[] Streamed = ["clusters", "credentials", "cluster-templates", "service-templates"];

    /// <summary>Bodies that are right but for whose things they are about, so that rights decide and not the form.</summary>
    private static string? BodyOf(ApiRoute route, TwoTenants tenants) => (route.Method, route.Path[(route.Path.LastIndexOf('/') + 1)..]) switch
    {
        ("GET" or "DELETE", _) => null,
        ("PATCH", _) => """{"spec":{"dryRun":true}}""",
        (_, "kubeconfig") => """{"role":"view"}""",
        (_, "upgrade") => """{"template":"x"}""",
        (_, "plan") => "{}",
        (_, "rollback") => """{"revision":1}""",
        (_, "silences") => $$"""{"namespace":"{{tenants.Theirs}}","matchers":["alertname=\"x\""],"endsAt":"2099-01-01T00:00:00Z","comment":"x"}""",
        (_, "diff") => $$$"""{"objects":[{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"{{{TwoTenants.Name}}}","namespace":"{{{tenants.Theirs}}}"},"spec":{"template":"x"}}]}""",
        (_, "dismiss") => """{"reason":"x"}""",
        (_, "snooze") => """{"reason":"x","until":"2099-01-01T00:00:00Z"}""",
        _ => null,
    };

    /// <summary>What a call can not be without.</summary>
    private static string Always(ApiRoute route) => route.Path switch
    {
        "/api/v1/watch" => $"kinds={string.Join(',', Streamed)}",
        "/allocation" or "/assets" => "window=2d&aggregate=cluster",
        "/api/v1/costs/focus" => $"period={TimeProvider.System.GetUtcNow():yyyy-MM}",
        "/api/v1/costs/showback" => "by=cluster",
        "/api/v1/services/plan" => $"template={TwoTenants.Name}",
        _ => "",
    };

    private static string IdOf(ApiRoute route, TwoTenants tenants) =>
        route.Path.Contains("traces", StringComparison.Ordinal) ? TwoTenants.TraceId : route.Path.Contains("telemetry-tokens", StringComparison.Ordinal) ? tenants.TokenId : tenants.Recommendation;

    /// <summary>By what is in the path alone, or by asking for all.</summary>
    public static IEnumerable<WalkAttempt> Plain(ApiRoute route, TwoTenants tenants)
    {
        var (body, id) = (BodyOf(route, tenants), IdOf(route, tenants));
        if (!route.Path.Contains('{', StringComparison.Ordinal))
        {
            yield return new($"{route.Path}?{Always(route)}", Names: false) { Body = body, IsAboutTheirs = true };
            yield break;
        }

        yield return new(route.Fill(tenants.Theirs, TwoTenants.Name, id), Names: true) { Absent = route.Fill(tenants.Theirs, "absent", "ffffffffffffffffffffffffffffffff"), Body = body };
        if (route.Path.Contains("{namespace}", StringComparison.Ordinal))
            yield return new(route.Fill(tenants.Mine, TwoTenants.Name, id), Names: true) { Body = body };
    }

    /// <summary>By what is asked for besides the path, which changes nothing of whose it is.</summary>
    public static IEnumerable<WalkAttempt> ByQuery(ApiRoute route, TwoTenants tenants)
    {
        var (theirs, name) = (tenants.Theirs, TwoTenants.Name);
        var (path, always) = (route.Fill(tenants.Mine, "mine", IdOf(route, tenants)), Always(route));
        foreach (var query in (string[])[$"namespace={theirs}", $"cluster={theirs}/{name}", $"cluster={Uri.EscapeDataString($"{theirs}/{name}")}&kind=ClusterDeployment", $"namespace={theirs}&cluster={name}",
            $"receiver={theirs}/{name}", $"q={name}", $"filter=cluster:%22{theirs}/{name}%22&window=2d", $"namespace={theirs}&name={name}"])
            yield return new($"{path}?{always}{(always.Length > 0 ? "&" : "")}{query}", Names: true) { Body = BodyOf(route, tenants) };
    }
}
