using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Backups;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Backups;

public sealed class VeleroLocationTests
{
    [Fact]
    public void A_location_is_its_bucket()
    {
        var location = VeleroLocation.Of(Item("""
            {"provider":"velero.io/aws","objectStorage":{"bucket":"backups","prefix":"/prod/","caCert":"QQ=="},"config":{"region":"eu-west-3","s3Url":"http://minio:9000","profile":"fleet"},
             "credential":{"name":"keys","key":"file"}}
            """));
        Assert.Equal(("minio:9000", "backups", "prod", "eu-west-3", true, "A"), (location.Source.Endpoint, location.Source.Bucket, location.Source.Prefix, location.Source.Region, location.Source.Insecure, location.Source.CaBundle));
        Assert.Equal((new ObjectKey("velero", "keys"), "file", "fleet"), (location.Secret, location.SecretKey, location.Profile));
    }

    [Fact]
    public void What_it_leaves_out_is_as_velero_has_it()
    {
        var location = VeleroLocation.Of(Item("""{"provider":"aws","objectStorage":{"bucket":"b"},"config":{"region":"us-west-2"}}"""));
        Assert.Equal(("s3.us-west-2.amazonaws.com", false), (location.Source.Endpoint, location.Source.Insecure));
        Assert.Equal((new ObjectKey("velero", "cloud-credentials"), "cloud", "default"), (location.Secret, location.SecretKey, location.Profile));
    }

    [Theory]
    [InlineData("""{"provider":"azure","objectStorage":{"bucket":"b"}}""", "provider azure")]
    [InlineData("""{"provider":"aws","objectStorage":{"bucket":"b"},"accessMode":"ReadOnly"}""", "read-only")]
    [InlineData("""{"provider":"aws","objectStorage":{"bucket":"b"},"config":{"insecureSkipTLSVerify":"true"}}""", "skips the check of certificates")]
    [InlineData("""{"provider":"aws","objectStorage":{}}""", "no bucket")]
    [InlineData("""{"provider":"aws","objectStorage":{"bucket":"b"},"config":{"s3Url":"http://user:secret@minio"}}""", "no address")]
    [InlineData("""{"provider":"aws","objectStorage":{"bucket":"b","caCert":"not base64!"}}""", "no base64")]
    public void What_can_not_be_honoured_is_refused(string spec, string why)
    {
        var refused = Assert.Throws<BackupFailureException>(() => VeleroLocation.Of(Item(spec)));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[default]\naws_access_key_id=a\naws_secret_access_key=s=s\n", "default", "a", "s=s")]
    [InlineData("# c\n[other]\naws_access_key_id = no\naws_secret_access_key = no\n\n[ fleet ]\r\n  aws_access_key_id = a \r\naws_secret_access_key=\"s\"", "fleet", "a", "s")]
    public void Credentials_are_those_of_the_section(string file, string profile, string access, string secret)
    {
        var found = VeleroLocation.AccessIn(file, profile)!;
        Assert.Equal((access, secret), (found.AccessKey, found.SecretKey));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[default]\naws_access_key_id=a")]
    [InlineData("[other]\naws_access_key_id=a\naws_secret_access_key=s")]
    public void A_file_without_them_has_none(string file) => Assert.Null(VeleroLocation.AccessIn(file, "default"));

    private static DynamicObject Item(string spec) => new(JsonNode.Parse(
        Encoding.UTF8.GetBytes($$"""{"apiVersion":"velero.io/v1","kind":"BackupStorageLocation","metadata":{"name":"default","namespace":"velero"},"spec":{{spec}}}"""))!.AsObject());
}
