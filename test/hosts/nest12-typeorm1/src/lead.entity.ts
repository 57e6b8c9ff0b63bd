import { Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'host_leads', schema: 'public' })
export class Lead {
  @PrimaryColumn('text')
  id: string;
}
