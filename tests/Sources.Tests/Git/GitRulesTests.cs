using Fleet.Sources.Git;

namespace Fleet.Sources.Tests.Git;

public class GitRulesTests
{
    [Theory]
    [InlineData("https://git.example.org/team/charts.git")]
    [InlineData("ssh://git@git.example.org:2222/team/charts.git")]
    [InlineData("http://git.example.org/public.git")]
    public void Addresses_of_the_three_kinds_are_taken(string url) => Assert.Equal(url, GitRules.Check(new(url)).OriginalString);

    [Theory]
    [InlineData("file:///etc")]
    [InlineData("ext::sh -c id")]
    [InlineData("git://git.example.org/x")]
    [InlineData("--upload-pack=/bin/sh")]
    [InlineData("/srv/git/x.git")]
    [InlineData("ssh://-oProxyCommand=id/x")]
    [InlineData("https://user:secret@git.example.org/x.git")]
    [InlineData("ssh://git:secret@git.example.org/x.git")]
    public void Other_addresses_are_refused_without_showing_a_password(string url)
    {
        var e = Assert.Throws<SourceException>(() => GitRules.Check(new(url)));
        Assert.Equal(SourceErrorKind.Invalid, e.Kind);
        Assert.False(e.IsTransient);
        Assert.DoesNotContain("secret@", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_never_go_over_plain_http()
    {
        var e = Assert.Throws<SourceException>(() => GitRules.Check(new("http://git.example.org/x") { Access = new() { Username = "u", Password = "p" } }));
        Assert.Equal(SourceErrorKind.AuthenticationFailed, e.Kind);
    }

    [Theory]
    [InlineData("--output=/tmp/x")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("refs/*")]
    [InlineData("x^{}")]
    [InlineData("x:y")]
    [InlineData("x.lock")]
    public void Names_that_mean_more_than_a_name_are_refused(string name)
    {
        foreach (var reference in new GitReference[] { new() { Branch = name }, new() { Tag = name }, new() { Name = name } })
            Assert.Throws<SourceException>(() => GitRules.Check(new("https://git.example.org/x") { Reference = reference }));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("--all")]
    [InlineData("0123456789012345678901234567890123456789x")]
    public void A_commit_is_whole(string commit) =>
        Assert.Throws<SourceException>(() => GitRules.Check(new("https://git.example.org/x") { Reference = new() { Commit = commit } }));

    [Theory]
    [InlineData("remote: Invalid username or password. fatal: Authentication failed for 'https://x/'", SourceErrorKind.AuthenticationFailed)]
    [InlineData("fatal: could not read Username for 'https://x': terminal prompts disabled", SourceErrorKind.AuthenticationFailed)]
    [InlineData("git@x: Permission denied (publickey).", SourceErrorKind.AuthenticationFailed)]
    [InlineData("Host key verification failed.", SourceErrorKind.AuthenticationFailed)]
    [InlineData("fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none", SourceErrorKind.AuthenticationFailed)]
    [InlineData("fatal: repository 'https://x/' not found", SourceErrorKind.NotFound)]
    [InlineData("fatal: couldn't find remote ref refs/heads/nope", SourceErrorKind.NotFound)]
    [InlineData("fatal: unable to access 'https://x/': Could not resolve host: x", SourceErrorKind.Unreachable)]
    [InlineData("fatal: write error: No space left on device", SourceErrorKind.DiskFull)]
    public void Gits_words_become_a_kind(string words, SourceErrorKind kind) => Assert.Equal(kind, GitErrors.KindOf(words));
}
