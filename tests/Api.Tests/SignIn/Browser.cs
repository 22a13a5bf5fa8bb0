using System.Net;
using System.Text.Json.Nodes;

namespace Fleet.Api.Tests.SignIn;

/// <summary>Keeps cookies and follows nothing by itself.</summary>
/// <param name="address">Where it asks.</param>
/// <param name="cookies">Those of a browser that is led to several addresses as to one.</param>
internal sealed class Browser(Uri address, CookieContainer? cookies = null) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies ?? new CookieContainer() }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
