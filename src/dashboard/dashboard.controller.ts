import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../spaces/access.js';

/** Where a browser arrives. The interactive reference is what there is to see today. */
@ApiExcludeController()
@Controller()
export class DashboardController {
  @Get()
  @Public()
  @Redirect('docs')
  home(): void {
    // The decorator says it all.
  }
}
