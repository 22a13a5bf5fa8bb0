using System.Net;
using Fleet.Observability.Alerts;
using Fleet.Observability.Alerts.Delivery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Where receivers may be, and what is read of their answers.</summary>
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("10.0.0.7", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("::", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("ff02::1", false)]
    public void Only_where_a_receiver_may_be(string address, bool allowed) => Assert.Equal(allowed, new AddressGuard(new()).Allows(IPAddress.Parse(address)));

    [Fact]
    public void Loopback_only_where_that_is_said_and_metadata_never()
    {
        var guard = new AddressGuard(new() { AllowLoopback = true });
        Assert.True(guard.Allows(IPAddress.Loopback));
        Assert.False(guard.Allows(IPAddress.Parse("169.254.169.254")));
    }

    /// <summary>A name is resolved, and what it leads to is looked at.</summary>
    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    public async Task Nothing_is_sent_to_where_a_receiver_may_not_be(string address)
    {
        var calls = 0;
        await using var server = await ServeAsync(http =>
        {
            calls++;
            return Task.CompletedTask;
        });
        var outcome = await PostAsync(new(), string.Format(System.Globalization.CultureInfo.InvariantCulture, address, new Uri(server.Urls.First()).Port));
        Assert.Equal(DeliveryVerdict.Failed, outcome.Verdict);
        Assert.Contains("receivers may not be at", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("http://2852039166/")]
    public async Task Metadata_services_are_refused_also_where_loopback_is_allowed(string address) =>
        Assert.Contains("receivers may not be at", (await PostAsync(new() { AllowLoopback = true }, address)).Message, StringComparison.Ordinal);

    /// <summary>A receiver may answer what it likes: nothing else is connected to.</summary>
    [Theory]
    [InlineData(301, "http://169.254.169.254/latest/meta-data/")]
    [InlineData(302, "http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData(307, "{0}/elsewhere")]
    public async Task Redirects_are_not_followed_anywhere(int code, string location)
    {
        var calls = 0;
        await using var server = await ServeAsync(http =>
        {
            calls++;
            http.Response.StatusCode = code;
            http.Response.Headers.Location = string.Format(System.Globalization.CultureInfo.InvariantCulture, location, $"http://{http.Request.Host}");
            return Task.CompletedTask;
        });
        var outcome = await PostAsync(new() { AllowLoopback = true }, server.Urls.First());
        Assert.Equal((DeliveryVerdict.Refused, code, 1), (outcome.Verdict, outcome.Code, calls));
        Assert.Contains("redirects are not followed", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_changes_its_mind_is_refused_when_it_is_connected_to()
    {
        await using var server = await ServeAsync(_ => Task.CompletedTask);
        var asked = 0;
        var guard = new AddressGuard(new() { AllowLoopback = true }, (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]));
        var port = new Uri(server.Urls.First()).Port;
        await using (await guard.ConnectAsync("rebound.example", port, CancellationToken.None))
            Assert.Equal(1, asked);
        await Assert.ThrowsAsync<AddressRefusedException>(() => guard.ConnectAsync("rebound.example", port, CancellationToken.None));
    }

    [Theory]
    [InlineData(200, "Delivered")]
    [InlineData(202, "Delivered")]
    [InlineData(302, "Refused")]
    [InlineData(400, "Refused")]
    [InlineData(401, "Failed")]
    [InlineData(404, "Failed")]
    [InlineData(413, "Refused")]
    [InlineData(429, "Failed")]
    [InlineData(500, "Failed")]
    public async Task What_an_answer_means(int code, string verdict)
    {
        await using var server = await ServeAsync(async http =>
        {
            http.Response.StatusCode = code;
            if (code == 302)
                http.Response.Headers.Location = "/elsewhere";
            if (code == 429)
                http.Response.Headers.RetryAfter = "17";
            await http.Response.WriteAsync("the secret of the receiver");
        });
        var outcome = await PostAsync(new() { AllowLoopback = true }, server.Urls.First());
        Assert.Equal((verdict, code), (outcome.Verdict.ToString(), outcome.Code));
        Assert.DoesNotContain("secret", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(code == 429 ? TimeSpan.FromSeconds(17) : null, outcome.RetryAfter);
    }

    [Fact]
    public async Task Who_does_not_answer_and_who_answers_without_end_are_left()
    {
        await using var silent = await ServeAsync(http => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted));
        var options = new AlertOptions { AllowLoopback = true, DeliveryTimeout = TimeSpan.FromMilliseconds(300) };
        Assert.StartsWith("it did not answer within", (await PostAsync(options, silent.Urls.First())).Message, StringComparison.Ordinal);
        await using var endless = await ServeAsync(async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync(new string('x', 10_000), http.RequestAborted);
        });
        Assert.Equal(DeliveryVerdict.Delivered, (await PostAsync(options with { DeliveryTimeout = TimeSpan.FromSeconds(20) }, endless.Urls.First())).Verdict);
    }

    private static async Task<DeliveryOutcome> PostAsync(AlertOptions options, string address)
    {
        using var http = new GuardedHttp(new(options), options, TimeProvider.System);
        return await http.PostAsync(new Uri(address), new StringContent("{}"), [], null, TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        return application;
    }
}
