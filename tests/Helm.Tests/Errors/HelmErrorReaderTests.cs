using Fleet.Helm.Errors;

namespace Fleet.Helm.Tests.Errors;

/// <summary>The messages are what helm 3.18 and 4.1 really print.</summary>
public sealed class HelmErrorReaderTests
{
    [Theory]
    [InlineData("Error: Kubernetes cluster unreachable: Get \"https://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: connect: connection refused", HelmErrorKind.ClusterUnreachable)]
    [InlineData("Error: kubernetes cluster unreachable: Get \"https://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: connect: connection refused", HelmErrorKind.ClusterUnreachable)]
    [InlineData("Error: 2 errors occurred:\n\t* Post \"https://127.0.0.1:1/apis/x/v1/namespaces/a/b?fieldManager=helm\": unexpected EOF\n\t* Post \"https://127.0.0.1:1/api\": dial tcp 127.0.0.1:1: connect: connection refused", HelmErrorKind.ClusterUnreachable)]
    [InlineData("Error: UPGRADE FAILED: Patch \"https://127.0.0.1:1/apis/x\": read tcp 127.0.0.1:2->127.0.0.1:1: read: connection reset by peer", HelmErrorKind.ClusterUnreachable)]
    [InlineData("Error: UPGRADE FAILED: the server is currently unable to handle the request (get secrets)", HelmErrorKind.ClusterUnreachable)]
    [InlineData("Error: INSTALLATION FAILED: Internal error occurred: failed calling webhook \"a.b\": failed to call webhook: Post \"https://hook.ns.svc:443/x\": dial tcp 10.0.0.1:443: connect: connection refused", HelmErrorKind.ReleaseFailed)]
    [InlineData("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", HelmErrorKind.Locked)]
    [InlineData("Error: release: not found", HelmErrorKind.ReleaseNotFound)]
    [InlineData("Error: uninstall: Release not loaded: nope: release: not found", HelmErrorKind.ReleaseNotFound)]
    [InlineData("Error: execution error at (demo/templates/x.yaml:1:3): boom\n\nUse --debug flag to render out invalid YAML", HelmErrorKind.RenderFailed)]
    [InlineData("Error: demo/templates/x.yaml:1:10\n  executing \"demo/templates/x.yaml\" at <.Values.a.b.c>:\n    nil pointer evaluating interface {}.b", HelmErrorKind.RenderFailed)]
    [InlineData("Error: YAML parse error on demo/templates/x.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context", HelmErrorKind.RenderFailed)]
    [InlineData("Error: UPGRADE FAILED: timed out waiting for the condition", HelmErrorKind.Timeout)]
    [InlineData("Error: UPGRADE FAILED: context deadline exceeded", HelmErrorKind.Timeout)]
    [InlineData("Error: UPGRADE FAILED: post-upgrade hooks failed: job failed: BackoffLimitExceeded", HelmErrorKind.ReleaseFailed)]
    [InlineData("Error: UPGRADE FAILED: conflict occurred while applying object apps/web /v1, Kind=ConfigMap: Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.color", HelmErrorKind.FieldConflict)]
    [InlineData("Error: write /data/x: no space left on device", HelmErrorKind.DiskFull)]
    [InlineData("Error: something new", HelmErrorKind.Unknown)]
    public void Helms_words_give_the_kind(string words, HelmErrorKind expected) => Assert.Equal(expected, Read(words).Kind);

    [Theory]
    [InlineData("- replicaCount: Invalid type. Expected: integer, given: string", "replicaCount", "Invalid type. Expected: integer, given: string")]
    [InlineData("- image.tag: Invalid type. Expected: string, given: integer", "image.tag", "Invalid type. Expected: string, given: integer")]
    [InlineData("- (root): region is required", "", "region is required")]
    [InlineData("- at '/image/tag': got number, want string", "image.tag", "got number, want string")]
    [InlineData("- at '': missing property 'region'", "", "missing property 'region'")]
    public void A_schema_violation_has_its_path(string line, string path, string message)
    {
        var e = Read("Error: values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n" + line + "\n");
        Assert.Equal(HelmErrorKind.ValuesInvalid, e.Kind);
        Assert.Equal(new SchemaViolation("demo", path, message), Assert.Single(e.Violations));
    }

    [Fact]
    public void Warnings_and_log_lines_are_left_out() =>
        Assert.Equal("release: not found", Read("WARNING: Kubernetes configuration file is group-readable.\nI1120 14:00:00.1 1 x.go:1] noise\nlevel=WARN msg=x\nError: release: not found\n").Message);

    [Fact]
    public void Secrets_are_masked_also_in_base64_and_in_violations()
    {
        var mask = new SecretMask(["hunter22", "s3cr3t-token"]);
        var base64 = Convert.ToBase64String("hunter22"u8);
        var e = HelmErrorReader.Read("upgrade", $"Error: bad hunter22 and {base64} and s3cr3t-token", 1, false, mask);
        Assert.Equal("bad *** and *** and ***", e.Message);
        var schema = HelmErrorReader.Read("upgrade",
            "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n- password: hunter22 is not allowed\n", 1, false, mask);
        Assert.Equal("*** is not allowed", Assert.Single(schema.Violations).Message);
    }

    [Fact]
    public void A_long_message_is_cut() => Assert.InRange(Read("Error: " + new string('x', 100_000)).Message.Length, 4096, 4200);

    [Fact]
    public void A_time_limit_says_so_and_is_transient()
    {
        var e = HelmErrorReader.Read("upgrade", "Error: whatever", -1, true, SecretMask.None);
        Assert.Equal(HelmErrorKind.Timeout, e.Kind);
        Assert.True(e.IsTransient);
        Assert.Contains("time limit", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_is_not_an_empty_message() => Assert.Equal("helm upgrade ended with 1 and said nothing.", Read("").Message);

    private static HelmException Read(string words) => HelmErrorReader.Read("upgrade", words, 1, false, SecretMask.None);
}
