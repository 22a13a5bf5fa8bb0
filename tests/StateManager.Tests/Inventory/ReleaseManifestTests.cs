using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Tests.Inventory;

public sealed class ReleaseManifestTests
{
    [Fact]
    public void Objects_of_the_manifest_are_read_lists_taken_apart_and_hooks_and_the_chart_passed_over()
    {
        var record = new JsonObject
        {
            ["name"] = "web",
            ["chart"] = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["manifest"] = "kind: Wrong" }) },
            ["hooks"] = new JsonArray(new JsonObject { ["manifest"] = "apiVersion: v1\nkind: Pod\nmetadata: {name: hook}" }),
            ["manifest"] = """
                ---
                # Source: web/templates/empty.yaml
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: one}
                data: {a: first, a: last}
                ---
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: two}}
                - {apiVersion: v1, kind: ServiceAccountList, items: [{apiVersion: v1, kind: ServiceAccount, metadata: {name: three}}]}
                """,
            ["version"] = 3,
        };

        var manifest = ReleaseManifest.Read(Pack(record.ToJsonString()));

        Assert.Equal(["ConfigMap one", "Service two", "ServiceAccount three"], manifest.Objects.Select(o => $"{o["kind"]} {o["metadata"]!["name"]}"));
        Assert.Equal("last", (string?)manifest.Objects[0]["data"]!["a"]);
        Assert.False(manifest.IsServerSideApplied);
    }

    [Theory]
    [InlineData("ssa", true)]
    [InlineData("csa", false)]
    public void How_Helm_has_applied_it_is_known(string method, bool serverSide)
        => Assert.Equal(serverSide, ReleaseManifest.Read(Pack($$"""{"apply_method":"{{method}}","manifest":""}""")).IsServerSideApplied);

    [Fact]
    public void A_record_that_is_not_packed_is_read_as_Helm_does()
        => Assert.Single(ReleaseManifest.Read(Base64("""{"manifest":"{\"kind\":\"Pod\",\"metadata\":{}}"}"""u8)).Objects);

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("W10=")]
    public void Anything_else_is_an_error_and_not_an_empty_release(string text)
        => Assert.Throws<InvalidDataException>(() => ReleaseManifest.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_manifest_that_is_no_YAML_is_an_error_that_quotes_nothing()
    {
        var failed = Assert.Throws<InvalidDataException>(() => ReleaseManifest.Read(Pack("""{"manifest":"password: \"sesame"}""")));
        Assert.DoesNotContain("sesame", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_unpacks_without_end_is_refused()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 65; i++)
                gzip.Write(new byte[1024 * 1024]);
        Assert.Throws<InvalidDataException>(() => ReleaseManifest.Read(Base64(packed.ToArray())));
    }

    private static byte[] Pack(string json)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(json));
        return Base64(packed.ToArray());
    }

    private static byte[] Base64(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));
}
