global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Threading;
global using System.Threading.Tasks;
// Orleans has types of the same names.
global using GrainId = Fleet.Control.Grains.GrainId;
