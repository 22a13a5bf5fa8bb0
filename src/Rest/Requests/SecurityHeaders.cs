namespace Fleet.Rest.Requests;

/// <summary>
/// What browsers are told with every answer, also with errors, redirects and the 404 of what nobody has mapped: nothing of an API is a page. Who answers with a
/// page, as the console does, says itself what it may do.
/// </summary>
internal sealed class SecurityHeaders : IStartupFilter
{
    private const string Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Two years; only over TLS, where browsers believe it. Not for this machine: what browsers learn of localhost holds for all of its ports, with whatever else is served there.</summary>
    private const string Transport = "max-age=63072000; includeSubDomains";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use((HttpContext http, RequestDelegate following) =>
        {
            // At the last moment: whoever makes an error of an answer takes away the headers that it had.
            http.Response.OnStarting(static context => Add((HttpContext)context), http);
            return following(http);
        });
        next(application);
    };

    private static Task Add(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (http.Request.IsHttps && http.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
            headers.StrictTransportSecurity = Transport;
        return Task.CompletedTask;
    }
}
