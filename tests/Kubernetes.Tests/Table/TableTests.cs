using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Table;
using Fleet.Kubernetes.Tests.Scripted;

namespace Fleet.Kubernetes.Tests.Table;

public sealed class TableTests
{
    private const string Columns = """[{"name":"Name","type":"string"},{"name":"Ready","type":"string"},{"name":"IP","type":"string","priority":1}]""";

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Page(string next, string rows)
        => Answer.Json("{\"kind\":\"Table\",\"metadata\":{\"continue\":\"" + next + "\"},\"columnDefinitions\":" + Columns + ",\"rows\":[" + rows + "]}");

    [Fact]
    public async Task Pages_are_joined_and_printed_like_kubectl()
    {
        await using var server = await ScriptedServer.StartAsync(
            Page("t", """{"cells":["short",null,"10.0.0.1"],"object":{"metadata":{"name":"short","namespace":"one"}}}"""),
            Page("", """{"cells":["much-longer-name","1/1\nmore",7],"object":{"metadata":{"name":"much-longer-name","namespace":"two"}}}"""));
        using var client = server.Client();
        var table = await client.TableAsync(CoreTypes.Pods.Kind, new() { PageSize = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(
            "NAME               READY\nshort              <none>\nmuch-longer-name   1/1...\n",
            TableText.Render(table));
        Assert.Equal(
            "NAMESPACE   NAME               READY    IP\none         short              <none>   10.0.0.1\ntwo         much-longer-name   1/1...   7\n",
            TableText.Render(table, wide: true, withNamespace: true));
        Assert.Equal("short              <none>\n", TableText.Render(table, noHeaders: true).Split('\n')[0] + "\n");
        Assert.StartsWith("application/json;as=Table;v=v1;g=meta.k8s.io", server.Requests.First().Headers["Accept"], StringComparison.Ordinal);
    }
}
