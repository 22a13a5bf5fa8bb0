using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Hosting;

/// <summary>Where the host of every service begins.</summary>
public static class ServiceBuilder
{
    /// <summary>
    /// Settings are read once. ASP.NET's default watches the folder in which the program was started, with all below it, for a changed file of settings:
    /// started in a home folder or in <c>/</c> that costs a watch for each folder and wakes the process with every file that anybody writes.
    /// </summary>
    public static WebApplicationBuilder Create(params string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        // At Information the framework writes the address of every request with its query, which may hold what somebody searched for.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        return builder;
    }
}
