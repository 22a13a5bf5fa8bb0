using System.Globalization;
using Fleet.Kubernetes.Core;

namespace Fleet.Kubernetes.Tests.Core;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("250m", "0.25")]
    [InlineData("1.5", "1.5")]
    [InlineData("100n", "0.0000001")]
    [InlineData("2k", "2000")]
    [InlineData("1Ki", "1024")]
    [InlineData("1.5Gi", "1610612736")]
    [InlineData("129e6", "129000000")]
    [InlineData("1E", "1000000000000000000")]
    [InlineData("1Ei", "1152921504606846976")]
    [InlineData("-1", "-1")]
    public void A_quantity_is_its_number(string text, string number) => Assert.Equal(decimal.Parse(number, CultureInfo.InvariantCulture), Quantity.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("1 Gi")]
    [InlineData("1GB")]
    [InlineData("1gi")]
    [InlineData("many")]
    [InlineData("79228162514264337593543950335E")]
    public void What_is_no_quantity_is_null(string? text) => Assert.Null(Quantity.Parse(text));
}
