#include "RVFloat.h"
